"""Prints the records of a topic as JSON, one a line: consume.py BROKERS TOPIC [COUNT]

Schemas come from the topic stratum.schemas, or from a registry: REGISTRY=http://host:8081
"""

import io
import json
import os
import sys
import urllib.request

from confluent_kafka import Consumer, KafkaException, TopicPartition
from fastavro import parse_schema, schemaless_reader

brokers, topic = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else None
registry = os.environ.get("REGISTRY")
group = os.environ.get("GROUP", f"example-{os.getpid()}")
schemas = {}


def consumer(group_id):
    return Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": group_id,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            # What was aborted is not seen.
            "isolation.level": "read_committed",
        }
    )


def read_schemas(wanted):
    """Every row of the compacted topic is {subject, id, schema}."""
    reader = consumer(f"{group}-schemas")
    reader.assign([TopicPartition("stratum.schemas", 0, 0)])
    while wanted not in schemas:
        message = reader.poll(1.0)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        row = json.loads(message.value())
        schemas[row["id"]] = parse_schema(row["schema"])
    reader.close()


def fetch_schema(schema_id):
    with urllib.request.urlopen(f"{registry}/schemas/ids/{schema_id}") as answer:
        schemas[schema_id] = parse_schema(json.loads(json.load(answer)["schema"]))


def decode(value):
    """Confluent's wire format: a 0, the id of the schema (4 bytes, big-endian), Avro."""
    if value[0] != 0:
        raise ValueError("not in the wire format")
    schema_id = int.from_bytes(value[1:5], "big")
    if schema_id not in schemas:
        fetch_schema(schema_id) if registry else read_schemas(schema_id)
    return schemaless_reader(io.BytesIO(value[5:]), schemas[schema_id], None)


reader = consumer(group)
reader.subscribe([topic])
seen = 0
try:
    while count is None or seen < count:
        message = reader.poll(1.0)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        row = {"partition": message.partition(), "offset": message.offset(), "value": decode(message.value())}
        print(json.dumps(row), flush=True)
        seen += 1
        reader.commit(message)
finally:
    reader.close()
