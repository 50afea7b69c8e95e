import type { Kind } from '../codec/kind.ts'
import type { DeadLetter } from '../deadletter/dead-letter.ts'
import { findLetters } from '../deadletter/letters.ts'
import type { Edited, Replay } from '../deadletter/repairs.ts'
import { StratumError } from '../errors.ts'
import type { LogRecord } from '../log/port.ts'
import { kindsOf, type Stores } from '../runtime/stores.ts'
import { type Args, usage } from './args.ts'
import { filterOf, letterOf } from './deadletters.ts'
import type { Operation } from './operation.ts'

/** Changes fields of the record a replay will send. The letter keeps what was refused; `reset` takes an edit back. */
export const editLetter: Operation = async ({ stores }, args) => {
  const letter = await letterOf(stores, args)
  const { event_id: id, payload } = letter
  const at = stores.options.clock()
  const reset = args.reset === true
  if (!reset && (letter.origin_topic === null || payload === null))
    throw usage(
      `letter ${id.slice(0, 12)} is a row its source could not read: mend ${letter.origin} and read it again`,
    )
  const kind = reset ? null : await kindOf(stores, payload!)
  let record: Record<string, unknown> = {}
  await stores.repairs.edit(letter, at, ({ edited, replayed }) => {
    if (replayed) throw usage(`letter ${id.slice(0, 12)} has been replayed: there is nothing left to edit`)
    if (kind === null) return null
    const before = edited ? Buffer.from(edited.value, 'base64') : payload!
    const { value } = stores.codec.reader().decode(before)
    record = changedBy(structuredClone(value), args)
    const refusal = stores.codec.refusal(kind, record)
    if (refusal) throw usage(`the edited record would not be a ${kind.name}: ${refusal}`)
    return { value: stores.codec.encode(kind, record).toString('base64'), at }
  })
  return reset ? { id, edited: false } : { id, edited: true, record }
}

/** The kind of a record, as this release has it. */
async function kindOf(stores: Stores, bytes: Buffer): Promise<Kind> {
  const reader = stores.codec.reader()
  await reader.ready([{ value: bytes }])
  const name = reader.kindOf(bytes)
  const kind = kindsOf(stores.app).find(k => k.name === name)
  if (!kind) throw new StratumError('SCHEMA_UNKNOWN', `this release knows no records of kind ${name}`)
  // Where no engine runs nothing is registered yet; the record is then read and written as this release has it.
  await stores.codec.register(kind)
  return kind
}

/** `set`: [path, JSON value] pairs, the path dotted; every part but the last must be there. */
function changedBy(value: Record<string, unknown>, args: Args): Record<string, unknown> {
  if (!Array.isArray(args.set) || args.set.length === 0)
    throw usage('give at least one --set FIELD=VALUE, or --reset')
  for (const [path, to] of args.set as [string, unknown][]) {
    const names = path.split('.')
    let at = value
    for (const name of names.slice(0, -1)) {
      const next = at[name]
      if (typeof next !== 'object' || next === null) throw usage(`--set ${path}: the record has no ${name}`)
      at = next as Record<string, unknown>
    }
    const last = names.at(-1)!
    if (!(last in at))
      throw usage(`--set ${path}: the record has no ${last}; it has ${Object.keys(at).join(', ')}`)
    at[last] = to
  }
  return value
}

/**
 * Appends the records of open letters again, for the destination that failed and no other, and marks the letters in
 * the same commit. A letter is replayed once.
 */
export const replayLetters: Operation = async ({ stores }, args) => {
  const stage = args.only === undefined || args.only === null ? undefined : String(args.only)
  const filter = filterOf(stage === undefined ? args : { ...args, stage })
  const letters = await findLetters(stores.log, stores.codec, filter)
  const now = stores.options.clock()
  const left = new Map<string, string>()
  const marks = await stores.repairs.replay(letters, now, (letter, edited) => {
    const made = replayOf(stores, letter, edited, now)
    if (typeof made !== 'string') return made
    left.set(letter.event_id, made)
    return null
  })
  const reasons = Array.from(left, ([id, why]) => ({ id: id.slice(0, 12), why })).slice(0, 20)
  return { replayed: marks.size, left_alone: left.size, reasons }
}

/** What replays a letter, or why nothing can. */
function replayOf(
  stores: Stores,
  letter: DeadLetter,
  edited: Edited | undefined,
  now: number,
): Replay | string {
  const { origin_topic: topic, origin_partition: partition, origin_offset: offset, origin_key: key } = letter
  const value = edited ? Buffer.from(edited.value, 'base64') : letter.payload
  if (topic === null || partition === null || offset === null || key === null || value === null)
    return `no record of the log: mend ${letter.origin} and read it again`
  if (readAgain(stores, letter))
    return `table ${letter.stage} was filled again since, and read the record again: there is nothing to replay`
  const only = destination(stores, letter)
  const record: LogRecord = { key, value, time: now, ...(only === null ? {} : { headers: { only } }) }
  return {
    append: { topic, partition, records: [record] },
    mark: {
      at: now,
      topic,
      partition,
      edited: edited !== undefined,
      only,
      origin: { topic, partition, offset },
    },
  }
}

/** The record of an earlier filling of a table has been read by the one in force, or will be: as a row, or refused again. */
function readAgain({ app, generations }: Stores, letter: DeadLetter): boolean {
  const { stage, generation, origin_partition: partition, origin_offset: offset } = letter
  const table = app.tables.find(t => t.name === stage)
  if (!table || generation === null || generation === generations.generation(table)) return false
  return offset! >= generations.begin(table, partition!)
}

/**
 * The stage or table a replay is for. A task that hands records on to a topic is run as a whole: its deduplication
 * tells what it has seen, and a single stage of it would hand on what the others did not see.
 */
function destination({ app }: Stores, { stage }: DeadLetter): string | null {
  if (app.tables.some(t => t.name === stage)) return stage
  const task = app.tasks.find(t => t.stages.some(s => s.name === stage))
  return task && task.to === undefined ? stage : null
}
