package stratum.bench;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** State of one key and window. The store keeps its bytes, so the object may be changed in place. */
final class Totals {
  private static final int BYTES = 3 * Long.BYTES;

  long events;
  long costMicros;
  long latestIngest;

  Totals add(Event event) {
    events++;
    costMicros += event.getCostMicros();
    latestIngest = Math.max(latestIngest, event.getIngestTime());
    return this;
  }

  static Serde<Totals> serde() {
    return Serdes.serdeFrom(
        (topic, totals) -> totals == null ? null : totals.toBytes(),
        (topic, bytes) -> bytes == null ? null : of(bytes));
  }

  private byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    ByteBuffer.wrap(bytes).putLong(events).putLong(costMicros).putLong(latestIngest);
    return bytes;
  }

  private static Totals of(byte[] bytes) {
    if (bytes.length != BYTES) throw new SerializationException("state of " + bytes.length + " bytes");
    ByteBuffer from = ByteBuffer.wrap(bytes);
    Totals totals = new Totals();
    totals.events = from.getLong();
    totals.costMicros = from.getLong();
    totals.latestIngest = from.getLong();
    return totals;
  }
}
