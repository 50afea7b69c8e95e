import fc from 'fast-check'
import t from 'tap'
import { fixedClock } from '../../../engine/clock/clock.ts'
import type { JsonSchema, RejectedRow, Source, SourceBatch } from '../../../engine/source/port.ts'
import { type PreviewMessage, type PreviewState, preview } from '../../../engine/source/preview.ts'
import { pseudonym } from '../../../engine/source/raw.ts'
import { configError, PayloadError, RetryableError } from '../../../plugins/errors.ts'
import { integer, nullable, object, string } from '../../../plugins/schema.ts'
import { passive } from '../../support/passive.ts'

const schema: JsonSchema = object({ id: integer(), email: nullable(string({ pseudonymise: true })) })
const stream = (name: string) => ({
  name,
  title: name,
  kind: null,
  schema,
  primaryKey: ['id'],
  cursorField: null,
})

/** A source that gives these batches, by stream; its state is how many batches came before. */
function sourceWith(
  streams: Record<string, readonly (Omit<SourceBatch, 'state'> | Error)[]>,
  check: (state: unknown) => void = () => {},
): Source {
  return {
    id: 'fake',
    title: 'Fake',
    version: '1.0.0',
    origin: 'test',
    spec: {},
    streams: Object.keys(streams).map(stream),
    ...passive,
    check: async () => {},
    discover: async () => Object.keys(streams).map(stream),
    async *read(name, { state }) {
      check(state)
      const from = (state as number | null) ?? 0
      for (const [i, batch] of streams[name]!.entries()) {
        if (i < from) continue
        if (batch instanceof Error) throw batch
        yield { ...batch, state: i + 1 }
      }
    },
  }
}

async function look(source: Source, from: PreviewState = {}, limit = Number.POSITIVE_INFINITY) {
  const messages: PreviewMessage[] = []
  const rejected: Pick<RejectedRow, 'reason' | 'origin'>[] = []
  const options = {
    source,
    config: {},
    streams: source.streams,
    tenant: 'demo',
    from,
    limit,
    clock: fixedClock('2026-01-15T12:00:00Z'),
    signal: new AbortController().signal,
    notice() {},
    rejected: (row: Pick<RejectedRow, 'reason' | 'origin'>) => void rejected.push(row),
  }
  let error: Error | null = null
  try {
    for await (const message of preview(options)) messages.push(message)
  } catch (thrown) {
    error = thrown as Error
  }
  const ids = messages.flatMap(m => (m.type === 'RECORD' ? [(m.record as { id: number }).id] : []))
  const state = messages.findLast(m => m.type === 'STATE')?.state ?? from
  return { messages, rejected, error, ids, state }
}

t.test('records as they would be stored, each batch with the state behind it', async t => {
  const { messages, error } = await look(
    sourceWith({ a: [{ records: [{ id: 1, email: 'eve@example.com' }] }] }),
  )
  t.equal(error, null)
  const email = pseudonym('demo', 'fake', 'eve@example.com')
  t.same(JSON.parse(JSON.stringify(messages)), [
    { type: 'RECORD', stream: 'a', record: { id: 1, email }, time: '2026-01-15T12:00:00.000000Z' },
    { type: 'STATE', state: { a: { cursor: 1 } } },
  ])
})

t.test('reading on from the states, whatever the limits, gives each record once and in order', async t => {
  const sizes = fc.array(fc.nat(4), { maxLength: 6 })
  const limits = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(sizes, sizes, limits, async (first, second, limits) => {
      let id = 0
      const batches = (of: readonly number[]) =>
        of.map(n => ({ records: Array.from({ length: n }, () => ({ id: id++, email: null })) }))
      const source = sourceWith({ a: batches(first), b: batches(second) })
      const seen: number[] = []
      let state: PreviewState = {}
      for (const limit of [...limits, Number.POSITIVE_INFINITY]) {
        const run = await look(source, state, limit)
        if (run.ids.length > limit) return false
        seen.push(...run.ids)
        state = JSON.parse(JSON.stringify(run.state)) as PreviewState
      }
      return JSON.stringify(seen) === JSON.stringify(Array.from({ length: id }, (_, i) => i))
    }),
    { numRuns: 200 },
  )
  t.pass()
})

t.test('what would be a dead letter is told, and told once; the rest goes on', async t => {
  const row = { origin: 'x line 2', reason: 'no number', bytes: null }
  const payload = new PayloadError('the file is cut off', { origin: 'x.csv' })
  const source = sourceWith({
    a: [
      { records: [{ id: 1, email: null }, { id: 'two' }, { id: 3, email: null }], rejected: [row] },
      payload,
    ],
    b: [{ records: [{ id: 4, email: null }] }],
  })
  const all = await look(source)
  t.same(all.ids, [1, 3, 4])
  t.same(
    all.rejected.map(r => `${r.origin}: ${r.reason}`),
    ['x line 2: no number', 'a record: a: id must be an integer, got "two"', 'x.csv: the file is cut off'],
  )
  const one = await look(source, {}, 1)
  t.same([one.ids, one.rejected.length], [[1], 1])
  const rest = await look(source, one.state)
  t.same([rest.ids, rest.rejected.length], [[3, 4], 2])
})

t.test('errors by kind: one line that says which connector and what to do', async t => {
  const cases: [Error, RegExp][] = [
    [configError('no such folder', '/path'), /^fake: \/path: no such folder$/],
    [new RetryableError('429', { retryAfterMs: 1500 }), /^fake: 429\. Try again in 2 s$/],
    [new RetryableError('it is away.'), /^fake: it is away\. Try again later$/],
    [new Error('a bug'), /^a bug$/],
  ]
  for (const [thrown, message] of cases) {
    const { error, ids } = await look(sourceWith({ a: [{ records: [{ id: 1, email: null }] }, thrown] }))
    t.same(ids, [1], 'what came before it is shown')
    t.match(error?.message, message)
  }
})

t.test('a connector gets back exactly the state it gave', async t => {
  const given: unknown[] = []
  const source = sourceWith({ a: [{ records: [{ id: 1, email: null }] }, { records: [] }] }, s =>
    given.push(s),
  )
  const { state } = await look(source)
  await look(source, state)
  t.same(given, [null, 2])
})
