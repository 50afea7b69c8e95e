import type { DeadLetter } from '../deadletter/dead-letter.ts'
import { findLetters } from '../deadletter/letters.ts'
import type { Replayed } from '../deadletter/repairs.ts'
import { StratumError } from '../errors.ts'
import type { CommitUnit, LogRecord } from '../log/port.ts'
import { kindsOf, type Stores } from '../runtime/stores.ts'
import { type Args, usage } from './args.ts'
import { filterOf, letterOf } from './deadletters.ts'
import type { Operation } from './operation.ts'

/** Changes fields of the record a replay will send. The letter keeps what was refused; `reset` takes an edit back. */
export const editLetter: Operation = async ({ stores }, args) => {
  const letter = await letterOf(stores, args)
  return stores.repairs.exclusively(async () => {
    const { edited, replayed } = stores.repairs.of(letter.event_id)
    if (replayed)
      throw usage(`letter ${letter.event_id.slice(0, 12)} has been replayed: there is nothing left to edit`)
    const now = stores.options.clock()
    if (args.reset === true) {
      await stores.repairs.edit(letter, null, now)
      return { id: letter.event_id, edited: false }
    }
    if (letter.origin_topic === null || letter.payload === null)
      throw usage(
        `letter ${letter.event_id.slice(0, 12)} is a row its source could not read: mend ${letter.origin} and read it again`,
      )
    const before = edited ? Buffer.from(edited.value, 'base64') : letter.payload
    const name = stores.codec.reader().kindOf(before)
    const kind = kindsOf(stores.app).find(k => k.name === name)
    if (!kind) throw new StratumError('SCHEMA_UNKNOWN', `this release knows no records of kind ${name}`)
    // Where no engine runs nothing is registered yet; the record is then read and written as this release has it.
    await stores.codec.register(kind)
    const { value } = stores.codec.reader().decode(before)
    const changed = changedBy(structuredClone(value), args)
    const refusal = stores.codec.refusal(kind, changed)
    if (refusal) throw usage(`the edited record would not be a ${name}: ${refusal}`)
    await stores.repairs.edit(
      letter,
      { value: stores.codec.encode(kind, changed).toString('base64'), at: now },
      now,
    )
    return { id: letter.event_id, edited: true, record: changed }
  })
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
  return stores.repairs.exclusively(async () => {
    const letters = await findLetters(stores.log, stores.codec, filter)
    const marks = new Map<string, Replayed>()
    const appends: NonNullable<CommitUnit['appends']>[number][] = []
    const left: { id: string; why: string }[] = []
    const now = stores.options.clock()
    for (const letter of letters) {
      const { edited, replayed } = stores.repairs.of(letter.event_id)
      if (replayed) continue
      const {
        origin_topic: topic,
        origin_partition: partition,
        origin_offset: offset,
        origin_key: key,
      } = letter
      const value = edited ? Buffer.from(edited.value, 'base64') : letter.payload
      if (topic === null || partition === null || offset === null || key === null || value === null) {
        left.push({
          id: letter.event_id.slice(0, 12),
          why: `no record of the log: mend ${letter.origin} and read it again`,
        })
        continue
      }
      if (readAgain(stores, letter)) {
        left.push({
          id: letter.event_id.slice(0, 12),
          why: `table ${letter.stage} was filled again since, and read the record again: there is nothing to replay`,
        })
        continue
      }
      const only = destination(stores, letter)
      const record: LogRecord = {
        key,
        value,
        time: now,
        ...(only === null ? {} : { headers: { only } }),
      }
      appends.push({ topic, partition, records: [record] })
      marks.set(letter.event_id, {
        at: now,
        topic,
        partition,
        edited: edited !== undefined,
        only,
        origin: { topic, partition, offset },
      })
    }
    if (marks.size > 0) await stores.repairs.replayed(marks, now, { appends })
    return { replayed: marks.size, left_alone: left.length, reasons: left.slice(0, 20) }
  })
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
