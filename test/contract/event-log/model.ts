import fc from 'fast-check'
import type { EventLog, LogRecord, LogWriter } from '../../../engine/log/port.ts'
import { anyRecord } from './arbitrary.ts'
import { plain, readAll, type Stored, type Subject, type Test, topicOn, unique } from './subject.ts'

const PARTITIONS = 2
const GROUPS = 2
const STORES = 2
const PAST_ALL = Buffer.alloc(8, 0xff)

type Plain = ReturnType<typeof plain>

/** What a log should hold, as plain arrays and maps. */
class Model {
  readonly partitions: Plain[][] = Array.from({ length: PARTITIONS }, () => [])
  readonly stores = Array.from({ length: STORES }, () => new Map<string, string>())
  readonly positions = new Map<string, number>()
  /** Writers opened by group; the last owns it. */
  readonly writers: number[] = Array.from({ length: GROUPS }, () => 0)
}

/** The log under test, and the writers opened on it, old owners included. */
interface Real {
  readonly stored: Stored
  log: EventLog
  topic: string
  names: { groups: string[]; stores: string[] }
  writers: LogWriter[][]
}

interface Unit {
  readonly group: number
  /** How many owners ago: 0 is the owner, the others are fenced. */
  readonly age: number
  readonly records: readonly (readonly [number, LogRecord[]])[]
  readonly state: readonly (readonly [number, string, string | null])[]
  readonly position: readonly [number, number] | null
}

type Command = fc.AsyncCommand<Model, Real>

class Commit implements Command {
  readonly #unit: Unit
  constructor(unit: Unit) {
    this.#unit = unit
  }
  check(model: Readonly<Model>): boolean {
    return model.writers[this.#unit.group]! > this.#unit.age
  }
  async run(model: Model, { topic, names, writers }: Real): Promise<void> {
    const { group, age, records, state, position } = this.#unit
    const commit = writers[group]!.at(-1 - age)!.commit({
      appends: records.map(([partition, records]) => ({ topic, partition, records })),
      state: state.map(([store, key, value]) => ({
        store: names.stores[store]!,
        changes: [{ key: Buffer.from(key), value: value === null ? null : Buffer.from(value) }],
      })),
      positions: position
        ? [{ group: names.groups[group]!, topic, partition: position[0], next: position[1] }]
        : [],
    })
    if (age > 0) {
      const error = await commit.then(
        () => null,
        e => e as { code?: string },
      )
      if (error?.code !== 'WRITER_FENCED') throw new Error('an old owner was not fenced')
      return
    }
    await commit
    for (const [partition, all] of records) model.partitions[partition]!.push(...all.map(plain))
    for (const [store, key, value] of state)
      if (value === null) model.stores[store]!.delete(key)
      else model.stores[store]!.set(key, value)
    if (position) model.positions.set(`${group}/${position[0]}`, position[1])
  }
  toString = () => `commit(${JSON.stringify(this.#unit)})`
}

class TakeOver implements Command {
  readonly #group: number
  constructor(group: number) {
    this.#group = group
  }
  check = () => true
  async run(model: Model, real: Real): Promise<void> {
    real.writers[this.#group]!.push(await real.log.writer(real.names.groups[this.#group]!))
    model.writers[this.#group]!++
  }
  toString = () => `takeOver(${this.#group})`
}

class Reopen implements Command {
  check = () => true
  async run(model: Model, real: Real): Promise<void> {
    real.log = await real.stored.reopen()
    model.writers.fill(0)
    real.writers = real.writers.map(() => [])
  }
  toString = () => 'reopen'
}

class Clean implements Command {
  check = () => true
  async run(_: Model, { log }: Real): Promise<void> {
    await log.clean(4_102_444_800_000_000)
  }
  toString = () => 'clean'
}

/** Compares everything the log shows with the model, reading from one place with one limit. */
class Look implements Command {
  readonly #at: number
  readonly #maxRecords: number
  constructor(at: number, maxRecords: number) {
    this.#at = at
    this.#maxRecords = maxRecords
  }
  check = () => true
  async run(model: Model, real: Real): Promise<void> {
    const { log, topic, names } = real
    for (let p = 0; p < PARTITIONS; p++) {
      const all = await readAll(log, topic, p)
      same(all.map(plain), model.partitions[p])
      const { end } = await log.bounds(topic, p)
      const from = Math.floor(this.#at * (end + 1))
      same(
        (await readAll(log, topic, p, from, { maxRecords: this.#maxRecords })).map(r => r.offset),
        all.map(r => r.offset).filter(offset => offset >= from),
      )
      for (let g = 0; g < GROUPS; g++)
        same(await log.position(names.groups[g]!, topic, p), model.positions.get(`${g}/${p}`) ?? null)
    }
    for (const [s, expected] of model.stores.entries())
      same(
        Array.from(log.state(names.stores[s]!).range(Buffer.alloc(0), PAST_ALL), ({ key, value }) => [
          key.toString(),
          value.toString(),
        ]),
        [...expected].sort(([a], [b]) => (a < b ? -1 : 1)),
      )
  }
  toString = () => `look(${this.#at}, ${this.#maxRecords})`
}

function same(found: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (a !== b) throw new Error(`the log has ${a}, the model ${b}`)
}

const unit: fc.Arbitrary<Unit> = fc.record({
  group: fc.nat({ max: GROUPS - 1 }),
  age: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 2) }),
  records: fc.array(fc.tuple(fc.nat({ max: PARTITIONS - 1 }), fc.array(anyRecord, { maxLength: 4 })), {
    maxLength: 3,
  }),
  state: fc.array(
    fc.tuple(
      fc.nat({ max: STORES - 1 }),
      fc.constantFrom('a', 'b', 'c'),
      fc.option(fc.constantFrom('1', '2'), { nil: null }),
    ),
    { maxLength: 3 },
  ),
  position: fc.option(fc.tuple(fc.nat({ max: PARTITIONS - 1 }), fc.nat({ max: 50 }))),
})

const commands = fc.commands(
  [
    unit.map(u => new Commit(u)),
    unit.map(u => new Commit({ ...u, age: 0 })),
    fc.nat({ max: GROUPS - 1 }).map(g => new TakeOver(g)),
    fc
      .tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 1, max: 5 }))
      .map(([at, max]) => new Look(at, max)),
    fc.constant(new Reopen()),
    fc.constant(new Clean()),
  ],
  { maxCommands: 30, size: 'max' },
)

/** Any sequence of operations leaves what the same operations leave in arrays and maps. */
export function modelled(t: Test, subject: Subject): void {
  t.test('any sequence of commits, takeovers, cleanings and reopenings, against a model', async t => {
    const stored = await subject.fresh(t)
    let log = stored.log
    const setup = async () => {
      const real: Real = {
        stored: {
          log,
          async reopen() {
            log = await stored.reopen()
            return log
          },
        },
        log,
        topic: await topicOn(log, { partitions: PARTITIONS }),
        names: {
          groups: Array.from({ length: GROUPS }, () => unique('group')),
          stores: Array.from({ length: STORES }, () => unique('store')),
        },
        writers: Array.from({ length: GROUPS }, () => []),
      }
      const model = new Model()
      for (let group = 0; group < GROUPS; group++) await new TakeOver(group).run(model, real)
      return { model, real }
    }
    await fc.assert(
      fc.asyncProperty(commands, async sequence => {
        const made = await setup()
        await fc.asyncModelRun(() => made, [...sequence, new Look(0.5, 2)])
      }),
      { numRuns: subject.runs ?? 60 },
    )
    t.pass('the log was always as the model')
  })
}
