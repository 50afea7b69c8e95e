import fc from 'fast-check'
import t from 'tap'
import { makeShop } from '../../../connectors/shop/index.ts'
import type { ShopState } from '../../../connectors/shop/read.ts'
import type { ShopTime } from '../../../connectors/shop/time.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import type { SourceBatch } from '../../../engine/source/port.ts'

t.setTimeout(180_000)

const NOON = Date.UTC(2026, 0, 15, 12) * 1000
const SETTINGS = {
  seed: 'test',
  currency: 'EUR',
  historyDays: 3,
  sessionsPerDay: 60,
  live: false,
  eventsPerSecond: 3,
}

/** A time that stands still until it is waited for. */
class Steps implements ShopTime {
  #now: number
  waited = 0
  constructor(now: number) {
    this.#now = now
  }
  now = () => this.#now
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    this.waited++
    this.#now += ms * 1000
  }
}

type Row = Record<string, unknown> & { event_time: number; as_of: number }

async function read(
  stream: string,
  {
    state = null as unknown,
    time = new Steps(NOON) as ShopTime,
    settings = {},
    batches = Number.POSITIVE_INFINITY,
  } = {},
) {
  const stop = new AbortController()
  const got: SourceBatch[] = []
  const config = { ...SETTINGS, ...settings }
  const context = { ...sourceContext({ config, signal: stop.signal }), state }
  for await (const batch of makeShop(time).read(stream, context)) {
    got.push(batch)
    if (got.length >= batches) stop.abort()
  }
  return { batches: got, rows: got.flatMap(b => b.records) as Row[] }
}

for (const stream of ['events', 'ad_reports']) {
  t.test(`${stream}: the same seed is the same shop, another seed another`, async t => {
    const { rows } = await read(stream)
    t.ok(rows.length > 100, `${rows.length} records`)
    t.strictSame((await read(stream)).rows, rows)
    const other = await read(stream, { settings: { seed: 'other' } })
    t.not(JSON.stringify(other.rows), JSON.stringify(rows))
  })

  t.test(`${stream}: from the state of any batch on, the rest is what it was`, async t => {
    const { batches } = await read(stream)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: batches.length - 1 }), async cut => {
        const state = JSON.parse(JSON.stringify(batches[cut]!.state)) as ShopState
        const { rows } = await read(stream, { state })
        t.strictSame(
          rows,
          batches.slice(cut + 1).flatMap(b => b.records),
        )
      }),
      { numRuns: 12 },
    )
  })

  t.test(`${stream}: no record is of a moment that has not come`, async t => {
    const time = new Steps(NOON)
    const { batches, rows } = await read(stream, { time, settings: { live: true }, batches: 60 })
    t.ok(time.waited > 0, 'it went on live')
    t.ok(rows.length > 0)
    for (const { records, state } of batches)
      for (const row of records as Row[]) {
        const { until } = state as ShopState
        const at = stream === 'events' ? row.event_time : row.as_of
        if (at > until || until > time.now()) return t.fail(`${at} of a batch until ${until}`)
      }
  })
}

t.test('live, about as many events come as were asked for', async t => {
  const time = new Steps(NOON)
  // An hour in steps of two seconds; the first half hour fills up, visits last that long.
  const { batches } = await read('events', {
    time,
    settings: { live: true, historyDays: 0, eventsPerSecond: 3 },
    batches: 1800,
  })
  const seconds = 30 * 60
  const half = batches.slice(-seconds / 2).reduce((n, b) => n + b.records.length, 0)
  t.ok(half / seconds > 2 && half / seconds < 4.5, `${half / seconds} a second`)
})

t.test('no event comes twice, and every key is one event', async t => {
  const { rows } = await read('events', { settings: { live: true }, batches: 200 })
  t.equal(new Set(rows.map(r => r.event_key)).size, rows.length)
})

t.test('a stop of an hour is an hour in which the shop was quiet, not a flood', async t => {
  const first = await read('events', { time: new Steps(NOON), settings: { live: true }, batches: 100 })
  const state = first.batches.at(-1)!.state as ShopState
  const later = state.until + 3_600_000_000
  const { batches } = await read('events', {
    time: new Steps(later),
    state,
    settings: { live: true },
    batches: 1,
  })
  t.ok(batches[0]!.records.length < 300, `${batches[0]!.records.length} events of that hour`)
})

t.test('platforms restate the days before, three times, and then settle them', async t => {
  const { rows } = await read('ad_reports', { settings: { historyDays: 14 } })
  const versions = new Map<string, Row[]>()
  for (const row of rows) {
    const id = `${String(row.ad_id)} ${String(row.date)}`
    versions.set(id, [...(versions.get(id) ?? []), row])
  }
  const settled = [...versions.values()].filter(v => v.some(r => r.settled))
  t.ok(settled.length > 100, `${settled.length} days of ads settled`)
  let grew = 0
  for (const days of settled) {
    t.strictSame(
      days.map(r => r.settled),
      [...days.slice(1).map(() => false), true],
    )
    for (const [i, row] of days.entries()) {
      if (i === 0) continue
      const before = days[i - 1]!
      if (row.as_of <= before.as_of) return t.fail('a restatement is not later')
      if ((row.conversions_micros as number) < (before.conversions_micros as number))
        return t.fail('conversions are lost')
      if (row.spend_micros !== before.spend_micros) return t.fail('spend changed')
      if ((row.revenue_micros as number) > (before.revenue_micros as number)) grew++
    }
  }
  t.ok(grew > 0, 'later reports know of more')
})
