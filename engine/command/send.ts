import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { StratumError } from '../errors.ts'
import { partitionOf } from '../log/partition.ts'
import type { CommitUnit, EventLog } from '../log/port.ts'
import { takenOver } from '../log/table.ts'
import { KEY_SEPARATOR } from '../log/tenant.ts'
import type { Stores } from '../runtime/stores.ts'
import { topicName } from '../stage/layout.ts'
import {
  COMMAND_RESULTS,
  type Command,
  type CommandResult,
  commandKind,
  commandResultKind,
} from './command.ts'

export interface Ask extends Pick<Command, 'command' | 'actor' | 'role' | 'reason'> {
  readonly tenant: string
  readonly body: unknown
  /** The same for a command that is sent again. */
  readonly id?: string | undefined
}

/** How long an answer is waited for. Milliseconds. */
const WAIT_MS = 30_000

type CommandStores = Pick<Stores, 'log' | 'codec' | 'layout' | 'options' | 'app'>

/**
 * Sends a command and waits for its answer.
 * @throws STORE_UNAVAILABLE: no answer in time; it is in the log and will be carried out
 */
export async function send(stores: CommandStores, ask: Ask, signal: AbortSignal): Promise<CommandResult> {
  const { log, layout } = stores
  const answers = answersOf(stores, partitionOf(ask.tenant, layout.partitions(topicName('facts'))))
  const from = (await log.bounds(answers.topic, answers.partition)).end
  return answerTo(stores, await post(stores, ask), answers, from, signal)
}

/** Puts a command in the log, and waits for nothing. @returns its id */
export async function post(stores: CommandStores, ask: Ask): Promise<string> {
  const { log, codec, layout, options } = stores
  const { tenant, id = randomUUID(), command, actor, role, reason } = ask
  const facts = topicName('facts')
  await codec.register(commandKind)
  const now = options.clock()
  const value: Command = {
    tenant_id: tenant,
    event_id: id,
    event_time: now,
    ingest_time: now,
    command,
    actor,
    role,
    reason,
    body: JSON.stringify(ask.body),
  }
  const record = { key: Buffer.from(tenant), value: codec.encode(commandKind, value), time: now }
  const partition = partitionOf(tenant, layout.partitions(facts))
  await append(log, [{ topic: facts, partition, records: [record] }, ...(await atOnce(stores, value))])
  return id
}

/** What a command says before its stage has seen it, in the same commit: a stop waits for no backlog. */
async function atOnce({ app, codec, layout }: CommandStores, command: Command): Promise<Appends> {
  const said = app.atOnce?.(command) ?? null
  if (said === null) return []
  const { kind, value, key: parts } = said
  await codec.register(kind)
  const key = Buffer.from(parts.join(KEY_SEPARATOR))
  const topic = topicName(said.topic)
  const record = { key, value: codec.encode(kind, value), time: command.ingest_time }
  return [{ topic, partition: partitionOf(key, layout.partitions(topic)), records: [record] }]
}

type Appends = NonNullable<CommitUnit['appends']>

/** Tries while others send commands at the same time. */
const TRIES = 12

/**
 * Two that send at the same time take the writer from one another; who lost it tries again. Where it is not known
 * whether the command was written it may be there twice, and is one command by its id.
 */
async function append(log: EventLog, appends: Appends): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const writer = await log.writer('commands')
    try {
      return await writer.commit({ appends })
    } catch (error) {
      if (!takenOver(error) || attempt === TRIES) throw error
      await sleep(Math.random() * Math.min(500, 5 * 2 ** attempt))
    } finally {
      await writer.close()
    }
  }
}

/** Where the task that folds a partition of facts writes its answers. */
function answersOf({ app, layout }: CommandStores, partition: number) {
  const task = app.tasks.find(task => task.emits?.includes(COMMAND_RESULTS))
  if (!task) throw new StratumError('NOT_FOUND', 'this release takes no commands')
  const writer = `${task.name}:${topicName(task.from)}`
  return {
    topic: topicName(COMMAND_RESULTS),
    partition: layout.route(writer, partition, COMMAND_RESULTS, Buffer.alloc(0)),
  }
}

async function answerTo(
  { log, codec }: CommandStores,
  id: string,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  from: number,
  signal: AbortSignal,
): Promise<CommandResult> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)])
  const reader = codec.reader()
  for (let at = from; !until.aborted; ) {
    const batch = await log.read(topic, partition, at)
    if (!batch) {
      await log.wait(topic, partition, at, until).catch((error: unknown) => {
        if (!until.aborted) throw error
      })
      continue
    }
    await reader.ready(batch.records)
    for (const { value } of batch.records) {
      if (value === null) continue
      const { kind, value: said } = reader.decode(value)
      const result = said as unknown as CommandResult
      if (kind === commandResultKind.name && result.command_id === id) return result
    }
    at = batch.next
  }
  signal.throwIfAborted()
  throw new StratumError(
    'STORE_UNAVAILABLE',
    `there is no answer to command ${id} after ${WAIT_MS / 1000} s: it is in the log and is carried out when the tenant task comes to it (stratum lag)`,
  )
}
