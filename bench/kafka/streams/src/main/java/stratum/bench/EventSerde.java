package stratum.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Confluent wire format: 0, schema id, Avro. Reads the fields of {@link Event} and skips the others. */
final class EventSerde implements Serde<Event>, Deserializer<Event> {
  private static final int HEADER = 5;

  private final int schemaId;
  private final ThreadLocal<Reading> reading;

  EventSerde(int schemaId, Schema writer) {
    this.schemaId = schemaId;
    // The stream threads share one deserializer; readers and decoders are not made for that.
    this.reading = ThreadLocal.withInitial(() -> new Reading(writer));
  }

  @Override
  public Deserializer<Event> deserializer() {
    return this;
  }

  /** Events are only read. */
  @Override
  public Serializer<Event> serializer() {
    return null;
  }

  // Both interfaces bring one.
  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {}

  @Override
  public void close() {}

  @Override
  public Event deserialize(String topic, byte[] bytes) {
    if (bytes.length < HEADER || bytes[0] != 0) throw new SerializationException("not in the wire format");
    int id = ByteBuffer.wrap(bytes).getInt(1);
    if (id != schemaId) throw new SerializationException("unknown schema " + id);
    Reading own = reading.get();
    try {
      own.decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, own.decoder);
      // Streams holds records in its queues, so each has an object of its own.
      return own.reader.read(null, own.decoder);
    } catch (IOException error) {
      throw new SerializationException("an event cannot be decoded", error);
    }
  }

  private static final class Reading {
    final SpecificDatumReader<Event> reader;
    BinaryDecoder decoder;

    Reading(Schema writer) {
      reader = new SpecificDatumReader<>(writer, Event.getClassSchema());
    }
  }
}
