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

// Put your own system here: these two functions are all that knows it.

const nameOf = ({ field }) => (field === 'status' ? field : `${field}_micros`)

/** The present value of what a permit changes; null: unknown. Only reads. In the file the last line of an entity counts. */
function look(permit) {
  const lines = existsSync(LEDGER) ? readFileSync(LEDGER, 'utf8').split('\n').filter(Boolean) : []
  const found = lines.map(line => JSON.parse(line)).filter(({ entity }) => entity === permit.entity)
  return found.findLast(line => nameOf(permit) in line.found)?.found[nameOf(permit)] ?? null
}

/** Writes the absolute value, with nothing before the request that takes time. */
function apply(permit) {
  const { idempotency_key, action_id, entity, after } = permit
  const line = { idempotency_key, action_id, entity, found: { [nameOf(permit)]: after } }
  appendFileSync(LEDGER, `${JSON.stringify(line)}\n`)
}

// What follows is the same for every system.

const HOLDER = `${hostname()}/${process.pid}/${crypto.randomUUID()}`
const AGAIN_MS = 30_000
const ANSWER_MS = 60_000
const LOOK_MS = 5_000
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

/** Where the partitions of each topic were read to. */
const readTo = {}

/** Reads the committed records of a topic: all there are, or those from now on. */
async function read(topic, { onlyNew = false }, take) {
  readTo[topic] = []
  const from = onlyNew ? await admin.fetchTopicOffsets(topic) : []
  // A group of its own, in which nothing is committed: every process reads all partitions, and leases part the work.
  const groupId = `${GROUP}-${crypto.randomUUID()}`
  const settings = { groupId, readUncommitted: false, allowAutoTopicCreation: false, maxWaitTimeInMs: 500 }
  const consumer = kafka.consumer(settings)
  consumers.push(consumer)
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) broken = payload.error
  })
  // Counts marks of transactions too, which are no messages.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    readTo[topic][partition] = Number(lastOffset) + 1
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
  if (mode === 'WRITE' && (!gate || (gate.final === 'BLOCK' && exemption === null))) return 'PERMIT_INVALID'
  return isOver(permit) ? 'PERMIT_EXPIRED' : null
}

function isOver({ lease_until, expires_at, mode, gate }) {
  const ends = [lease_until, expires_at, ...(mode === 'WRITE' ? [gate.valid_until] : [])]
  return nowMicros() >= Math.min(...ends)
}

// The kill switch: of a tenant what the fold said last, and who engaged it last past the fold (revision 0).
const switches = new Map()

async function takeSwitch(value) {
  const { kind, record } = await decode(value)
  if (kind !== 'kill_switch') return
  const known = switches.get(record.tenant_id) ?? { fold: { revision: 0, engaged: false, commands: '[]' } }
  if (record.revision > known.fold.revision) known.fold = record
  if (record.revision === 0 && record.engaged) known.direct = record
  switches.set(record.tenant_id, known)
}

/** Engaged past the fold, it stays so until the fold has seen that command and says otherwise. */
function isOn(name) {
  const { fold, direct } = switches.get(name) ?? {}
  if (fold?.engaged || !direct) return fold?.engaged ?? false
  const [seen, sent] = [JSON.parse(fold.commands), JSON.parse(direct.commands)]
  return sent.length === 0 || !sent.every(id => seen.includes(id))
}

/** Whether a switch stops it, after all that is on the topic now was read. What cannot be read is engaged. */
async function isStopped({ tenant, exemption }) {
  const topic = 'stratum.killswitch'
  try {
    const ends = await admin.fetchTopicOffsets(topic)
    await until(() => ends.every(({ partition, high }) => (readTo[topic][partition] ?? 0) >= high), LOOK_MS)
  } catch {
    return true
  }
  // An ADMIN may take a change back while the tenant's own is engaged.
  return isOn('*') || (exemption !== 'ROLLBACK_UNDER_KILL_SWITCH' && isOn(tenant))
}

/** What came of a permit: never more than is certain. */
async function carryOut(signed, action) {
  const { permit } = signed
  const notSent = (code, message) => ({ outcome: 'NOT_SENT', code, message })
  const code = wrongWith(signed, action)
  if (code !== null) return notSent(code, 'the permit cannot be used')
  const isWrite = permit.mode === 'WRITE'
  let written_at = null
  try {
    const present = look(permit)
    const seen = { found: { [nameOf(permit)]: present }, read_back_at: nowMicros() }
    if (!isWrite && present === permit.after) return { ...seen, outcome: 'APPLIED', code: 'SETTLED' }
    if (present !== permit.before)
      return { ...seen, outcome: 'FAILED', code: 'DRIFT', message: `it is ${present}, not ${permit.before}` }
    if (!isWrite) return { ...seen, outcome: 'NOT_WRITTEN', code: 'SETTLED' }
    if (await isStopped(permit)) return notSent('KILL_SWITCH_ENGAGED', 'the kill switch is engaged')
    // After all waiting, with nothing between it and the write.
    if (isOver(permit)) return notSent('PERMIT_EXPIRED', 'the permit was over before it could be used')
    written_at = nowMicros()
    apply(permit)
    const after = look(permit)
    const found = { [nameOf(permit)]: after }
    const confirmed =
      after === permit.after ? { outcome: 'APPLIED' } : { outcome: 'UNKNOWN', code: 'READ_BACK_DIFFERS' }
    return { ...confirmed, found, written_at, read_back_at: nowMicros() }
  } catch (error) {
    // It may have been written: the next lease is to settle it.
    const isKnown = isWrite && written_at === null
    return {
      outcome: isKnown ? 'NOT_SENT' : 'UNKNOWN',
      code: 'RETRYABLE',
      message: String(error),
      written_at,
    }
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
  const said = { ...none, ...(await carryOut(signed, action)) }
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
await Promise.all([
  read('stratum.schemas', {}, takeSchema),
  read('stratum.command-results', { onlyNew: true }, takeAnswer),
  read('stratum.killswitch', {}, takeSwitch),
  read('stratum.actions', {}, takeAction),
])
for (let done = 0; done < Number(count); ) {
  const free = () => [...actions].find(isFree)
  await until(free)
  const [id, action] = free()
  notBefore.set(id, Date.now() + AGAIN_MS)
  if (await execute(action)) done++
}
await Promise.all([...consumers, producer, admin].map(client => client.disconnect()))
