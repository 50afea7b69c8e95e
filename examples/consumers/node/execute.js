// Carries approved actions out and says what came of them: node execute.js BROKERS TENANT|all [COUNT]
// PUBLIC_KEY: what permits are signed with, the 32 bytes in base64. LEDGER: file that stands in for a platform.
// Prints one JSON line an action. Schemas come from the topic stratum.schemas. The contract: ../autopilot.md
import crypto from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import zlib from 'node:zlib'
import avro from 'avsc'
import kafkajs from 'kafkajs'

const [brokers, whose, count = 'Infinity'] = process.argv.slice(2)
const { PUBLIC_KEY, LEDGER, GROUP = 'example' } = process.env
if (!brokers || !whose || !PUBLIC_KEY || !LEDGER)
  throw new Error('usage: PUBLIC_KEY=... LEDGER=file node execute.js BROKERS TENANT|all [COUNT]')

// Put your own system here: these two functions are all that knows it. On a platform, look first that `permit.before`
// is in force and at stratum.killswitch, and look at the clock last.

/** What of this permit is in force; null: nothing. Only reads. */
function look({ idempotency_key }) {
  const lines = existsSync(LEDGER) ? readFileSync(LEDGER, 'utf8').split('\n') : []
  const found = lines.filter(Boolean).map(line => JSON.parse(line))
  return found.find(line => line.idempotency_key === idempotency_key)?.found ?? null
}

/** Makes the change once, however often it is called, and reads back what is in force then. */
function apply(permit) {
  const { idempotency_key, action_id, entity, field, after } = permit
  const found = { [field === 'status' ? field : `${field}_micros`]: after }
  if (look(permit) === null)
    appendFileSync(LEDGER, `${JSON.stringify({ idempotency_key, action_id, entity, found })}\n`)
  return look(permit)
}

// What follows is the same for every system.

const HOLDER = `${hostname()}/${process.pid}/${crypto.randomUUID()}`
const AGAIN_MS = 30_000
const ANSWER_MS = 60_000
const nowMicros = () => Date.now() * 1000
const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR })
const admin = kafka.admin()
const producer = kafka.producer({ allowAutoTopicCreation: false })
const consumers = []
/** Why reading a topic ended. */
let broken = null

async function until(what, ms = Infinity) {
  for (const end = Date.now() + ms; !what(); await sleep(20)) {
    if (broken) throw broken
    if (Date.now() > end) throw new Error(`no answer after ${ms / 1000} s: the lease ends and is settled`)
  }
}

/** Reads the committed records of a topic: all there are, or those from now on. */
async function read(topic, { onlyNew = false }, take) {
  const from = onlyNew ? await admin.fetchTopicOffsets(topic) : []
  // A group of its own, in which nothing is committed: every process reads all partitions, and leases part the work.
  const groupId = `${GROUP}-${crypto.randomUUID()}`
  const consumer = kafka.consumer({ groupId, readUncommitted: false, allowAutoTopicCreation: false })
  consumers.push(consumer)
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) broken = payload.error
  })
  await consumer.run({
    autoCommit: false,
    // A tombstone has no value.
    eachMessage: async ({ message }) => message.value && (await take(message.value)),
  })
  for (const { partition, high } of from) consumer.seek({ topic, partition, offset: high })
}

// Schemas: by the id in each record, and the newest of a subject to write with.
const schemas = new Map()
const newest = new Map()

/** Every row of the compacted topic is `{ subject, id, schema }`. */
async function takeSchema(value) {
  const { subject, id, schema } = JSON.parse(value)
  schemas.set(id, { subject, id, type: avro.Type.forSchema(schema) })
  if (id >= (newest.get(subject)?.id ?? 0)) newest.set(subject, schemas.get(id))
}

/** Confluent's wire format: a 0, the id of the schema (4 bytes, big-endian), Avro. */
async function decode(value) {
  if (value[0] !== 0) throw new Error('not in the wire format')
  await until(() => schemas.has(value.readUInt32BE(1)))
  const { subject, type } = schemas.get(value.readUInt32BE(1))
  return { kind: subject, record: type.fromBuffer(value.subarray(5)) }
}

function encode(subject, record) {
  const { id, type } = newest.get(subject)
  const header = Buffer.alloc(5)
  header.writeUInt32BE(id, 1)
  return Buffer.concat([header, type.toBuffer(record)])
}

// Commands: a record on `facts`, its answer on `command-results`.
let partitions = 0
/** Commands that wait for their answer, by id. */
const answers = new Map()

async function takeAnswer(value) {
  const { kind, record } = await decode(value)
  if (kind === 'command_result' && answers.has(record.command_id)) answers.set(record.command_id, record)
}

async function ask(tenant, command, body) {
  const id = crypto.randomUUID()
  const base = { tenant_id: tenant, event_id: id, event_time: nowMicros(), ingest_time: nowMicros() }
  const said = { command, actor: HOLDER, role: 'EXECUTOR', reason: null, body: JSON.stringify(body) }
  answers.set(id, null)
  await until(() => newest.has('command'), ANSWER_MS)
  const value = encode('command', { ...base, ...said })
  const partition = zlib.crc32(tenant) % partitions
  await producer.send({ topic: 'stratum.facts', messages: [{ key: tenant, value, partition }] })
  await until(() => answers.get(id), ANSWER_MS)
  const answer = answers.get(id)
  answers.delete(id)
  return answer
}

// Permits.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')
const key = crypto.createPublicKey({
  key: Buffer.concat([SPKI, Buffer.from(PUBLIC_KEY, 'base64')]),
  format: 'der',
  type: 'spki',
})

/** RFC 8785: names sorted, no spaces. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map(name => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

/** Why a permit may not be used; null: it may. */
function wrongWith({ permit, signature }, action) {
  const text = Buffer.from(`stratum.permit.v1\n${canonical(permit)}`)
  if (!crypto.verify(null, text, key, Buffer.from(signature, 'base64url'))) return 'PERMIT_INVALID'
  const { v, tenant, action_id, attempt, holder, mode, gate, exemption } = permit
  if (v !== 1 || holder !== HOLDER || !['WRITE', 'SETTLE'].includes(mode)) return 'PERMIT_INVALID'
  if (tenant !== action.tenant_id || action_id !== action.action_id || attempt !== action.attempt)
    return 'PERMIT_INVALID'
  const ends = [permit.lease_until, permit.expires_at]
  if (mode === 'WRITE') {
    if (!gate || (gate.final === 'BLOCK' && exemption === null)) return 'PERMIT_INVALID'
    ends.push(gate.valid_until)
  }
  return ends.every(end => nowMicros() < end) ? null : 'PERMIT_EXPIRED'
}

/** What came of a permit: never more than is certain. */
function carryOut(signed, action) {
  const code = wrongWith(signed, action)
  if (code !== null) return { outcome: 'NOT_SENT', code, message: 'the permit cannot be used' }
  const { permit } = signed
  const written_at = permit.mode === 'WRITE' ? nowMicros() : null
  try {
    const found = permit.mode === 'WRITE' ? apply(permit) : look(permit)
    const outcome = found !== null ? 'APPLIED' : permit.mode === 'WRITE' ? 'UNKNOWN' : 'NOT_WRITTEN'
    return { outcome, found, written_at, read_back_at: nowMicros() }
  } catch (error) {
    // It may have been written: the next lease is to settle it.
    return { outcome: 'UNKNOWN', code: 'REFUSED', message: String(error), written_at }
  }
}

/** Leases an action, carries it out and says so. @returns whether it was leased */
async function execute(action) {
  const { tenant_id: tenant, action_id, attempt } = action
  const whose = { action_id, holder: HOLDER, attempt }
  const lease = await ask(tenant, 'action.lease', whose)
  // Another one has it, or it may not be written now: the record says when that changes.
  if (!lease.accepted) return false
  const signed = JSON.parse(lease.body)
  const none = { code: null, message: null, found: null, written_at: null, read_back_at: null }
  const said = { ...none, ...carryOut(signed, action) }
  const { accepted } = await ask(tenant, 'action.result', { ...whose, ...said })
  const { outcome, code, found } = said
  console.log(JSON.stringify({ tenant, action_id, mode: signed.permit.mode, outcome, code, found, accepted }))
  return true
}

// Actions that are approved: the last record of each is in force.
const actions = new Map()
/** When an action that did not go is tried again, by its key. Milliseconds. */
const notBefore = new Map()

async function takeAction(value) {
  const { kind, record } = await decode(value)
  if (kind !== 'action' || (whose !== 'all' && record.tenant_id !== whose)) return
  const id = `${record.tenant_id}\0${record.action_id}`
  if (record.state === 'APPROVED') return actions.set(id, record)
  actions.delete(id)
  notBefore.delete(id)
}

const isFree = ([id, { lease_until }]) => !(lease_until > nowMicros()) && !(notBefore.get(id) > Date.now())

await Promise.all([admin.connect(), producer.connect()])
const { topics } = await admin.fetchTopicMetadata({ topics: ['stratum.facts'] })
partitions = topics[0].partitions.length
await read('stratum.schemas', {}, takeSchema)
await read('stratum.command-results', { onlyNew: true }, takeAnswer)
await read('stratum.actions', {}, takeAction)
for (let done = 0; done < Number(count); ) {
  const free = () => [...actions].find(isFree)
  await until(free)
  const [id, action] = free()
  notBefore.set(id, Date.now() + AGAIN_MS)
  if (await execute(action)) done++
}
await Promise.all([...consumers, producer, admin].map(client => client.disconnect()))
