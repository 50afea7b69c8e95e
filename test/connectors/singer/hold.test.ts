import fc from 'fast-check'
import t from 'tap'
import { Hold, type TapBatch } from '../../../connectors/singer/hold/hold.ts'
import { type Position, START } from '../../../connectors/singer/hold/position.ts'
import { isProgress } from '../../../connectors/singer/hold/progress.ts'
import type { TapRecord } from '../../../connectors/singer/record.ts'

/** A line of a tap: a record, a line that is rejected, a schema or a state. */
type Line = { record: number } | { bad: number } | { schema: number } | { state: number }

const row = (sequence: number, over: Partial<TapRecord>): TapRecord => ({
  sequence,
  type: 'RECORD',
  stream: 's',
  record: null,
  key_properties: [],
  key: null,
  version: null,
  time_extracted: null,
  schema_hash: null,
  schema: null,
  ...over,
})

const stateText = (at: number) => JSON.stringify({ at })

/** Runs a tap that goes on behind its state; `beat` says how often what is there is asked for. */
function run(lines: readonly Line[], from: Position, beat: number, entries: number): TapBatch[] {
  const hold = new Hold(from, { entries, size: 1 << 20 })
  const batches: TapBatch[] = []
  const at = from.tap === null ? 0 : (JSON.parse(from.tap) as { at: number }).at
  // Every run begins with the schema in force.
  const before = lines.slice(0, at).findLast(line => 'schema' in line) as { schema: number } | undefined
  let hash = `h${before?.schema ?? 0}`
  for (let i = at; i < lines.length; i++) {
    const line = lines[i]!
    if ('state' in line) hold.state(stateText(i + 1))
    else if ('bad' in line) {
      const bytes = Buffer.from(String(line.bad))
      hold.add({ rejected: { reason: 'bad', origin: `entry ${hold.sequence}`, bytes } }, 1)
    } else if ('schema' in line) hash = `h${line.schema}`
    else {
      const made = row(hold.sequence, { type: 'SCHEMA', schema: '{}' })
      if (hold.wantsSchema('s', hash)) hold.schema({ ...made, schema_hash: hash })
      hold.add({ row: row(hold.sequence, { record: `${line.record}`, schema_hash: hash }) }, 1)
    }
    if (i % beat === 0)
      for (let batch = hold.take(i % (2 * beat) === 0); batch !== null; batch = hold.take(false))
        batches.push(batch)
  }
  const last = hold.end()
  return last === null ? batches : [...batches, last]
}

const rows = (batches: readonly TapBatch[]) =>
  batches.flatMap(b => b.records.map(r => `${r.sequence} ${r.record ?? r.schema_hash}`))
const refused = (batches: readonly TapBatch[]) =>
  batches.flatMap(b => (b.rejected ?? []).map(r => `${r.origin} ${r.bytes}`))

const number = fc.nat({ max: 3 })
const lines = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ record: number }) },
    fc.record({ bad: number }),
    fc.record({ schema: number }),
    fc.record({ state: number }),
  ),
  { maxLength: 60 },
)
const unlike = { message: /did not send its \d+ entries again/ }
const few = fc.integer({ min: 1, max: 12 })

t.test('from every state the rest follows, nothing lost or twice, wherever batches end', async () => {
  fc.assert(
    fc.property(lines, few, few, few, few, (all, beat, entries, beat2, entries2) => {
      const whole = run(all, START, beat, entries)
      for (const [i, { state }] of whole.entries()) {
        // What a tap sends behind its last state comes again in its next run: it has asked for that.
        if (i === whole.length - 1 && !('state' in all.at(-1)!)) continue
        const resumed = run(all, JSON.parse(JSON.stringify(state)), beat2, entries2)
        const wanted = whole.slice(i + 1)
        if (JSON.stringify(rows(resumed)) !== JSON.stringify(rows(wanted))) return false
        if (JSON.stringify(refused(resumed)) !== JSON.stringify(refused(wanted))) return false
      }
      return true
    }),
    { numRuns: 1000 },
  )
})

t.test('a batch never carries a state before all that it covers is out', async () => {
  fc.assert(
    fc.property(lines, few, few, (all, beat, entries) => {
      let out = 0
      for (const { records, rejected = [], state } of run(all, START, beat, entries)) {
        out += records.filter(r => r.type === 'RECORD').length + rejected.length
        const upTo = state.tap === null ? 0 : (JSON.parse(state.tap) as { at: number }).at
        const covered = all.slice(0, upTo).filter(line => 'record' in line || 'bad' in line).length
        if (out < covered) return false
      }
      return true
    }),
  )
})

t.test('what waits is bounded, however seldom a state comes', async t => {
  const hold = new Hold(START, { entries: 10, size: 100 })
  const sizes: number[] = []
  for (let i = 0; i < 35; i++) {
    hold.add({ row: row(hold.sequence, { record: `${i}` }) }, 1)
    for (let b = hold.take(false); b !== null; b = hold.take(false)) sizes.push(b.records.length)
  }
  t.same(sizes, [10, 10, 10])
  hold.add({ row: row(hold.sequence, { record: 'large' }) }, 1000)
  t.equal(hold.take(false)!.records.length, 6)
})

t.test('a tap that sends something else is noticed, also when it sends less', async t => {
  const lines = Array.from({ length: 9 }, (_, record) => ({ record }))
  const [first] = run(lines, START, 1, 4)
  t.equal(first!.state.again!.entries, 3, 'three records, and their schema before them')
  const other = lines.with(2, { record: 77 })
  t.throws(() => run(other, first!.state, 1, 4), unlike)
  t.throws(() => run(lines.slice(0, 2), first!.state, 1, 4), unlike)
  t.equal(rows(run(lines, first!.state, 1, 4)).length, 6)
})

t.test('records of another version are others, though they read the same', async t => {
  const send = (version: number, from: Position) => {
    const hold = new Hold(from, { entries: 2, size: 100 })
    for (let i = 0; i < 2; i++) hold.add({ row: row(hold.sequence, { record: '1', version }) }, 1)
    return hold.take(false)!
  }
  const { state } = send(1, START)
  t.throws(() => send(2, state), unlike, 'or ACTIVATE_VERSION would take what was handed on')
})

t.test('which states are progress', async t => {
  t.notOk(isProgress(null, '{}'))
  t.notOk(isProgress('{"a":1}', '{ "a": 1 }'))
  t.notOk(isProgress('{"b":{"x":1}}', '{"b":{"x":1,"y":{}},"currently_syncing":null}'), 'an empty bookmark')
  t.ok(isProgress('{"id":9007199254740992}', '{"id":9007199254740993}'))
  t.ok(isProgress(null, '{"bookmarks":{"o":{"id":1}}}'))
  const sdk = '{"bookmarks":{"o":{"progress_markers":{"id":5},"starting_replication_value":1}}}'
  t.notOk(isProgress(null, sdk), 'the SDK goes back behind what is not sorted')
  t.ok(isProgress(null, sdk.replace('{"id":5}', '{}')))
})
