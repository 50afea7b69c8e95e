package stratum.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The bench's job in Kafka Streams: events counted and their cost summed by tenant and campaign in one-minute windows
 * of event time, one hour of grace, changed windows to an output topic, exactly once. Prints `ready` when it runs;
 * SIGTERM ends it. Everything not set below is as Kafka Streams has it.
 */
public final class Peer {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration GRACE = Duration.ofHours(1);
  private static final byte SEPARATOR = 0x1f;

  public static void main(String[] args) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) options.put(args[i].substring(2), args[i + 1]);

    CountDownLatch stopping = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    KafkaStreams streams = new KafkaStreams(topology(options), settings(options));
    AtomicBoolean failed = new AtomicBoolean();
    streams.setUncaughtExceptionHandler(error -> {
      error.printStackTrace();
      failed.set(true);
      stopping.countDown();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    });
    streams.setStateListener((state, before) -> {
      if (state == KafkaStreams.State.RUNNING) System.out.println("ready");
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      stopping.countDown();
      try {
        stopped.await();
      } catch (InterruptedException error) {
        failed.set(true);
      }
      // Without this, a clean end by SIGTERM would be told as 143.
      Runtime.getRuntime().halt(failed.get() ? 1 : 0);
    }));
    streams.start();
    stopping.await();
    streams.close(Duration.ofSeconds(30));
    stopped.countDown();
    System.exit(failed.get() ? 1 : 0);
  }

  private static Properties settings(Map<String, String> options) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, options.get("group"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.get("bootstrap"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, options.get("dir"));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.getOrDefault("threads", "2"));
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return settings;
  }

  private static Topology topology(Map<String, String> options) throws Exception {
    Schema writer = new Schema.Parser().parse(Files.readString(Path.of(options.get("event-schema"))));
    var eventSerde = new EventSerde(Integer.parseInt(options.get("event-schema-id")), writer);
    var events = Consumed.with(Serdes.Bytes(), eventSerde)
        .withTimestampExtractor((record, before) -> ((Event) record.value()).getEventTime() / 1000);
    var windows = Produced.with(
        new WindowedSerdes.TimeWindowedSerde<>(Serdes.Bytes(), WINDOW.toMillis()),
        new WindowSerde(Integer.parseInt(options.get("window-schema-id"))));
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(options.get("topic"), events)
        .groupByKey(Grouped.with(Serdes.Bytes(), null))
        .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, GRACE))
        .aggregate(
            Totals::new,
            (key, event, totals) -> totals.add(event),
            Materialized.<Bytes, Totals, WindowStore<Bytes, byte[]>>as("totals")
                .withKeySerde(Serdes.Bytes())
                .withValueSerde(Totals.serde()))
        .toStream()
        .mapValues(Peer::window)
        .to(options.get("output"), windows);
    return builder.build();
  }

  private static Window window(Windowed<Bytes> key, Totals totals) {
    byte[] bytes = key.key().get();
    int end = 0;
    while (bytes[end] != SEPARATOR) end++;
    String tenant = new String(bytes, 0, end, UTF_8);
    String campaign = new String(bytes, end + 1, bytes.length - end - 1, UTF_8);
    long start = key.window().start() * 1000;
    String id = tenant + ':' + campaign + ':' + start;
    return new Window(tenant, id, start, totals.latestIngest, campaign, totals.events, totals.costMicros);
  }

  private Peer() {}
}
