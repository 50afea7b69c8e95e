"""Carries approved actions out and says what came of them: execute.py BROKERS TENANT|all [COUNT]

PUBLIC_KEY: what permits are signed with, the 32 bytes in base64. LEDGER: file that stands in for a platform.
Prints one JSON line an action. Schemas come from the topic stratum.schemas. The contract: ../autopilot.md
"""

import base64
import io
import json
import os
import socket
import sys
import time
import uuid
import zlib

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastavro import parse_schema, schemaless_reader, schemaless_writer

brokers, whose = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else None
key = Ed25519PublicKey.from_public_bytes(base64.b64decode(os.environ["PUBLIC_KEY"]))
ledger = os.environ["LEDGER"]

# Put your own system here: these two functions are all that knows it.


def name_of(permit):
    return "status" if permit["field"] == "status" else f"{permit['field']}_micros"


def look(permit):
    """The present value of what it changes; None: unknown. In the file the last line of an entity counts."""
    present = None
    if os.path.exists(ledger):
        with open(ledger, encoding="utf8") as lines:
            for line in map(json.loads, lines):
                if line["entity"] == permit["entity"]:
                    present = line["found"].get(name_of(permit), present)
    return present


def apply(permit):
    """Writes the absolute value, with nothing before the request that takes time."""
    line = {name: permit[name] for name in ("idempotency_key", "action_id", "entity")}
    with open(ledger, "a", encoding="utf8") as lines:
        lines.write(json.dumps({**line, "found": {name_of(permit): permit["after"]}}) + "\n")


# What follows is the same for every system.

HOLDER = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4()}"
AGAIN_S = 30
ANSWER_S = 60
LOOK_S = 5
SWITCHES = "stratum.killswitch"
producer = Producer({"bootstrap.servers": brokers})


def now_micros():
    return time.time_ns() // 1000


SETTINGS = {
    "bootstrap.servers": brokers,
    # Only a name: nothing is committed, every process reads all partitions, and leases part the work.
    "group.id": os.environ.get("GROUP", "example"),
    "enable.auto.commit": False,
    "isolation.level": "read_committed",
}


def read(topic, only_new=False):
    """A consumer of the committed records of a topic: all there are, or those from now on."""
    consumer = Consumer(SETTINGS)
    places = [TopicPartition(topic, number, OFFSET_BEGINNING) for number in range(partitions_of(topic))]
    if only_new:
        for place in places:
            place.offset = consumer.get_watermark_offsets(place, timeout=30)[1]
    consumer.assign(places)
    return consumer


def partitions_of(topic):
    found = producer.list_topics(topic, timeout=30).topics[topic]
    if found.error:
        raise KafkaException(found.error)
    return len(found.partitions)


def poll(consumer, seconds):
    """The value of the next record; None: there is none, or it is a tombstone."""
    message = consumer.poll(seconds)
    if message is not None and message.error():
        raise KafkaException(message.error())
    return None if message is None else message.value()


# Schemas: by the id in each record, and the newest of a subject to write with.
schemas = {}
newest = {}


def read_schemas(is_enough):
    """Every row of the compacted topic is {subject, id, schema}."""
    while not is_enough():
        value = poll(schema_rows, 1.0)
        if value is None:
            continue
        row = json.loads(value)
        schemas[row["id"]] = (row["subject"], parse_schema(row["schema"]))
        newest[row["subject"]] = max(row["id"], newest.get(row["subject"], 0))


def decode(value):
    """Confluent's wire format: a 0, the id of the schema (4 bytes, big-endian), Avro."""
    if value[0] != 0:
        raise ValueError("not in the wire format")
    schema_id = int.from_bytes(value[1:5], "big")
    read_schemas(lambda: schema_id in schemas)
    kind, schema = schemas[schema_id]
    return kind, schemaless_reader(io.BytesIO(value[5:]), schema, None)


def encode(subject, record):
    read_schemas(lambda: subject in newest)
    out = io.BytesIO()
    out.write(b"\0" + newest[subject].to_bytes(4, "big"))
    schemaless_writer(out, schemas[newest[subject]][1], record)
    return out.getvalue()


def ask(tenant, command, body):
    """A command is a record on `facts`, its answer one on `command-results`."""
    command_id = str(uuid.uuid4())
    record = {"tenant_id": tenant, "event_id": command_id, "event_time": now_micros(), "ingest_time": now_micros()}
    record |= {"command": command, "actor": HOLDER, "role": "EXECUTOR", "reason": None, "body": json.dumps(body)}
    partition = zlib.crc32(tenant.encode()) % facts
    producer.produce("stratum.facts", encode("command", record), tenant.encode(), partition, on_delivery=delivered)
    producer.flush()
    end = time.monotonic() + ANSWER_S
    while time.monotonic() < end:
        value = poll(answers, 1.0)
        kind, answer = (None, None) if value is None else decode(value)
        if kind == "command_result" and answer["command_id"] == command_id:
            return answer
    raise TimeoutError(f"no answer to {command} after {ANSWER_S} s: the lease ends and is settled")


def delivered(error, _):
    if error:
        raise KafkaException(error)


def canonical(value):
    """RFC 8785, as far as permits need it: names are ASCII and numbers are whole."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def wrong_with(permit, signature, action):
    """Why a permit may not be used; None: it may."""
    try:
        # Base64 without its padding.
        signed = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        key.verify(signed, f"stratum.permit.v1\n{canonical(permit)}".encode())
    except (InvalidSignature, ValueError):
        return "PERMIT_INVALID"
    if permit["v"] != 1 or permit["holder"] != HOLDER or permit["mode"] not in ("WRITE", "SETTLE"):
        return "PERMIT_INVALID"
    said = (permit["tenant"], permit["action_id"], permit["attempt"])
    if said != (action["tenant_id"], action["action_id"], action["attempt"]):
        return "PERMIT_INVALID"
    gate = permit["gate"]
    if permit["mode"] == "WRITE" and (gate is None or (gate["final"] == "BLOCK" and permit["exemption"] is None)):
        return "PERMIT_INVALID"
    return "PERMIT_EXPIRED" if is_over(permit) else None


def is_over(permit):
    ends = [permit["lease_until"], permit["expires_at"]]
    if permit["mode"] == "WRITE":
        ends.append(permit["gate"]["valid_until"])
    return now_micros() >= min(ends)


def read_switches():
    """The kill switches as they are now: by tenant what the fold said last, and who engaged it last past the fold.

    The topic is small, so it is read from its beginning to its end.
    """
    folds, directs = {}, {}
    numbers = set(range(partitions_of(SWITCHES)))
    end = time.monotonic() + LOOK_S
    switches.assign([TopicPartition(SWITCHES, number, OFFSET_BEGINNING) for number in numbers])
    while numbers:
        if time.monotonic() > end:
            raise TimeoutError("the end of the topic was not reached")
        message = switches.poll(0.1)
        if message is None:
            continue
        if message.error():
            if message.error().code() != KafkaError._PARTITION_EOF:
                raise KafkaException(message.error())
            numbers.discard(message.partition())
            continue
        kind, record = (None, None) if message.value() is None else decode(message.value())
        if kind != "kill_switch":
            continue
        tenant, revision = record["tenant_id"], record["revision"]
        if revision > folds.get(tenant, {"revision": 0})["revision"]:
            folds[tenant] = record
        if revision == 0 and record["engaged"]:
            directs[tenant] = record
    switches.unassign()
    return folds, directs


def is_stopped(permit):
    """Whether a switch stops it. What cannot be read is engaged."""
    try:
        folds, directs = read_switches()
    except (KafkaException, TimeoutError):
        return True
    names = ["*", permit["tenant"]]
    if permit["exemption"] == "ROLLBACK_UNDER_KILL_SWITCH":
        # An ADMIN may take a change back while the tenant's own is engaged.
        names.pop()
    return any(is_on(folds.get(name), directs.get(name)) for name in names)


def is_on(fold, direct):
    """Engaged past the fold, it stays so until the fold has seen that command and says otherwise."""
    if (fold and fold["engaged"]) or direct is None:
        return bool(fold and fold["engaged"])
    seen, sent = json.loads(fold["commands"]) if fold else [], json.loads(direct["commands"])
    return not sent or not set(sent) <= set(seen)


def carry_out(permit, signature, action):
    """What came of a permit: never more than is certain."""
    said = {"code": None, "message": None, "found": None, "written_at": None, "read_back_at": None}
    code = wrong_with(permit, signature, action)
    if code is not None:
        return said | {"outcome": "NOT_SENT", "code": code, "message": "the permit cannot be used"}
    is_write = permit["mode"] == "WRITE"
    try:
        present = look(permit)
        seen = {"found": {name_of(permit): present}, "read_back_at": now_micros()}
        if not is_write and present == permit["after"]:
            return said | seen | {"outcome": "APPLIED", "code": "SETTLED"}
        if present != permit["before"]:
            why = f"it is {present}, not {permit['before']}"
            return said | seen | {"outcome": "FAILED", "code": "DRIFT", "message": why}
        if not is_write:
            return said | seen | {"outcome": "NOT_WRITTEN", "code": "SETTLED"}
        if is_stopped(permit):
            why = "the kill switch is engaged"
            return said | {"outcome": "NOT_SENT", "code": "KILL_SWITCH_ENGAGED", "message": why}
        # After all waiting, with nothing between it and the write.
        if is_over(permit):
            why = "the permit was over before it could be used"
            return said | {"outcome": "NOT_SENT", "code": "PERMIT_EXPIRED", "message": why}
        said["written_at"] = now_micros()
        apply(permit)
        after = look(permit)
        said |= {"found": {name_of(permit): after}, "read_back_at": now_micros()}
        is_there = after == permit["after"]
        return said | ({"outcome": "APPLIED"} if is_there else {"outcome": "UNKNOWN", "code": "READ_BACK_DIFFERS"})
    except Exception as error:
        # It may have been written: the next lease is to settle it.
        is_known = is_write and said["written_at"] is None
        return said | {"outcome": "NOT_SENT" if is_known else "UNKNOWN", "code": "RETRYABLE", "message": repr(error)}


def execute(action):
    """Leases an action, carries it out and says so. Returns whether it was leased."""
    tenant, action_id = action["tenant_id"], action["action_id"]
    body = {"action_id": action_id, "holder": HOLDER, "attempt": action["attempt"]}
    lease = ask(tenant, "action.lease", body)
    # Another one has it, or it may not be written now: the record says when that changes.
    if not lease["accepted"]:
        return False
    signed = json.loads(lease["body"])
    said = carry_out(signed["permit"], signed["signature"], action)
    answer = ask(tenant, "action.result", body | said)
    row = {"tenant": tenant, "action_id": action_id, "mode": signed["permit"]["mode"]}
    row |= {name: said[name] for name in ("outcome", "code", "found")}
    print(json.dumps(row | {"accepted": answer["accepted"]}), flush=True)
    return True


# Actions that are approved: the last record of each is in force.
actions = {}
# When an action that did not go is tried again, by its key. Seconds.
not_before = {}


def take_action(value):
    kind, record = decode(value)
    if kind != "action" or whose not in ("all", record["tenant_id"]):
        return
    action = (record["tenant_id"], record["action_id"])
    if record["state"] == "APPROVED":
        actions[action] = record
    else:
        actions.pop(action, None)
        not_before.pop(action, None)


def is_free(action):
    is_leased = (actions[action]["lease_until"] or 0) > now_micros()
    return not is_leased and not_before.get(action, 0) <= time.monotonic()


facts = partitions_of("stratum.facts")
schema_rows = read("stratum.schemas")
answers = read("stratum.command-results", only_new=True)
# Says when it has come to the end of a partition, and soon.
switches = Consumer(SETTINGS | {"enable.partition.eof": True, "fetch.wait.max.ms": 20})
records = read("stratum.actions")
done = 0
while count is None or done < count:
    # All that is there is read before something is begun.
    value = poll(records, 0.5)
    if value is not None:
        take_action(value)
        continue
    action = next(filter(is_free, actions), None)
    if action is None:
        continue
    not_before[action] = time.monotonic() + AGAIN_S
    done += execute(actions[action])
for consumer in (records, switches, answers, schema_rows):
    consumer.close()
