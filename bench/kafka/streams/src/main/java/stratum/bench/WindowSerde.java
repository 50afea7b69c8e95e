package stratum.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Confluent wire format: 0, schema id, Avro. */
final class WindowSerde implements Serde<Window>, Serializer<Window> {
  private final int schemaId;
  private final ThreadLocal<Writing> writing = ThreadLocal.withInitial(Writing::new);

  WindowSerde(int schemaId) {
    this.schemaId = schemaId;
  }

  @Override
  public Serializer<Window> serializer() {
    return this;
  }

  /** Windows are only written. */
  @Override
  public Deserializer<Window> deserializer() {
    return null;
  }

  // Both interfaces bring one.
  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {}

  @Override
  public void close() {}

  @Override
  public byte[] serialize(String topic, Window window) {
    if (window == null) return null;
    Writing own = writing.get();
    own.bytes.reset();
    own.bytes.write(0);
    for (int shift = 24; shift >= 0; shift -= 8) own.bytes.write(schemaId >>> shift);
    try {
      own.encoder = EncoderFactory.get().directBinaryEncoder(own.bytes, own.encoder);
      own.writer.write(window, own.encoder);
    } catch (IOException error) {
      throw new SerializationException("a window cannot be encoded", error);
    }
    return own.bytes.toByteArray();
  }

  private static final class Writing {
    final SpecificDatumWriter<Window> writer = new SpecificDatumWriter<>(Window.getClassSchema());
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    BinaryEncoder encoder;
  }
}
