import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Tick } from '../../../engine/clock/tick.ts'
import { tickKind } from '../../../engine/clock/tick.ts'
import type { Stores } from '../../../engine/runtime/stores.ts'
import { hold } from './hold.ts'
import { type EventDrawn, eventOf, type Input, input, sourceOf } from './input.ts'
import { Laboratory } from './run.ts'

const laboratory = new Laboratory(t)
const HOUR = 3_600_000_000

/** Ticks of a topic, by partition, in their order. */
async function ticksOf({ log, codec }: Stores, topic: string): Promise<Tick[][]> {
  const reader = codec.reader()
  const { partitions } = (await log.topics()).find(t => t.name === topic)!
  const found: Tick[][] = Array.from({ length: partitions }, () => [])
  for (const [partition, ticks] of found.entries())
    for (let at = 0; ; ) {
      const batch = await log.read(topic, partition, at)
      if (!batch) break
      for (const { value } of batch.records) {
        const decoded = reader.decode(value!)
        if (decoded.kind === tickKind.name) ticks.push({ ...(decoded.value as unknown as Tick) })
      }
      at = batch.next
    }
  return found
}

/** Hours that event time passed while it went on, as rows were read, and where it ended. */
function byHand({ events }: Input): [at: number, final: boolean][] {
  let latest = 0
  const ticks: [number, boolean][] = []
  for (const drawn of events.flat()) {
    const { event_time } = eventOf(drawn)
    if (drawn.fault !== null || event_time <= latest) continue
    const [before, hour] = [latest, event_time].map(time => Math.floor(time / HOUR) * HOUR) as [
      number,
      number,
    ]
    if (latest > 0 && hour > before) ticks.push([hour, false])
    latest = event_time
  }
  return latest > 0 ? [...ticks, [latest, true]] : ticks
}

t.test('an ingest takes its time from the events: a tick an hour, and a final one', async t => {
  const onlyEvents = input.map(made => ({ ...made, reports: [] }))
  const law = fc.asyncProperty(onlyEvents, async made => {
    const sync = { source: sourceOf(made) }
    const { found } = await laboratory.run([[sync]], {}, async (_, stores) => ({
      facts: await ticksOf(stores, 'stratum.facts'),
      persons: await ticksOf(stores, 'stratum.persons'),
    }))
    const expected = byHand(made)
    const facts = found.facts.flat()
    deepStrictEqual(
      facts.map(tick => [tick.event_time, tick.final]),
      expected,
    )
    for (const tick of facts) deepStrictEqual(tick.watermark, tick.event_time)
    for (const partition of found.persons) deepStrictEqual(partition, facts)
  })
  await t.resolves(hold(law, 8))
})

const drawn = (person: number, session: number, day: number, slot: number): EventDrawn => ({
  person,
  session,
  day,
  slot,
  name: 'page_view',
  cents: null,
  currency: 'USD',
  referrer: null,
  fault: null,
})

t.test('events that come late revise what was over: figures restated, revisions that only grow', async t => {
  const early = sourceOf({ events: [[drawn(1, 1, 0, 0), drawn(2, 1, 3, 0)]], reports: [] })
  // Days after their session was over.
  const late = { events: [[drawn(1, 1, 0, 1), drawn(1, 1, 0, 2)]], reports: [] }
  const again = { source: sourceOf(late), config: { connection: '2' } }
  const sessions = 'SELECT events, open, revision FROM DB.sessions WHERE date = {first} ORDER BY revision'
  const { found } = await laboratory.run([[{ source: early }], [again]], {}, async ask => ({
    sessions: await ask(sessions.replace('{first}', "'2026-01-05'")),
    current: await ask("SELECT events, open FROM DB.sessions_current WHERE date = '2026-01-05'"),
    days: await ask('SELECT date, events, sessions, users FROM DB.funnel_daily ORDER BY date'),
    refused: await ask('SELECT reason FROM DB.dead_letters'),
  }))
  t.strictSame(found.refused, [])
  t.strictSame(found.sessions, [
    { events: 1, open: false, revision: 3 },
    { events: 3, open: false, revision: 7 },
  ])
  t.strictSame(found.current, [{ events: 3, open: false }])
  t.strictSame(found.days, [
    { date: '2026-01-05', events: 3, sessions: 1, users: 1 },
    { date: '2026-01-08', events: 1, sessions: 1, users: 1 },
  ])
})
