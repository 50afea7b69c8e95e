import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Prints the records of a topic as JSON, one a line: Consume BROKERS TOPIC [COUNT]. Schemas come from the topic
 * stratum.schemas, or from a registry: REGISTRY=http://host:8081
 */
public class Consume {
  static final ObjectMapper JSON = new ObjectMapper();
  static final Map<Integer, Schema> SCHEMAS = new HashMap<>();
  static final String REGISTRY = System.getenv("REGISTRY");
  static final String GROUP =
      System.getenv().getOrDefault("GROUP", "example-" + ProcessHandle.current().pid());

  public static void main(String[] args) throws Exception {
    long count = args.length > 2 ? Long.parseLong(args[2]) : Long.MAX_VALUE;
    try (var consumer = consumer(args[0])) {
      consumer.subscribe(List.of(args[1]));
      for (long seen = 0; seen < count; ) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          if (seen++ >= count) break;
          System.out.printf(
              "{\"partition\":%d,\"offset\":%d,\"value\":%s}%n",
              record.partition(), record.offset(), decode(args[0], record.value()));
        }
        consumer.commitSync();
      }
    }
  }

  static KafkaConsumer<byte[], byte[]> consumer(String brokers) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", brokers,
            "group.id", GROUP,
            "auto.offset.reset", "earliest",
            "enable.auto.commit", false,
            // What was aborted is not seen.
            "isolation.level", "read_committed");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Confluent's wire format: a 0, the id of the schema (4 bytes, big-endian), Avro. */
  static Object decode(String brokers, byte[] value) throws Exception {
    if (value[0] != 0) throw new IllegalArgumentException("not in the wire format");
    int id = ByteBuffer.wrap(value, 1, 4).getInt();
    if (!SCHEMAS.containsKey(id)) {
      if (REGISTRY == null) readSchemas(brokers, id);
      else SCHEMAS.put(id, fetchSchema(id));
    }
    var decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
    return new GenericDatumReader<>(SCHEMAS.get(id)).read(null, decoder);
  }

  /** Every row of the compacted topic is {subject, id, schema}. */
  static void readSchemas(String brokers, int wanted) throws Exception {
    try (var consumer = consumer(brokers)) {
      var partition = new TopicPartition("stratum.schemas", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (!SCHEMAS.containsKey(wanted))
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          JsonNode row = JSON.readTree(record.value());
          SCHEMAS.put(row.get("id").asInt(), new Schema.Parser().parse(row.get("schema").toString()));
        }
    }
  }

  static Schema fetchSchema(int id) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(REGISTRY + "/schemas/ids/" + id)).build();
    var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return new Schema.Parser().parse(JSON.readTree(answer.body()).get("schema").asText());
  }
}
