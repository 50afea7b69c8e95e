import { type Tick, tickKind } from '../../engine/clock/tick.ts'
import { Codec } from '../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../engine/codec/registry/embedded.ts'
import type { StoredRecord } from '../../engine/log/port.ts'
import { kindsOf } from '../../engine/runtime/stores.ts'
import { Fold } from '../../engine/stage/fold.ts'
import { Layout } from '../../engine/stage/layout.ts'
import type { Task } from '../../engine/stage/topology.ts'
import { type EventFact, eventKind } from '../../pipelines/ingest/facts.ts'
import { conversions } from '../../pipelines/signals/conversions/stage.ts'
import { site } from '../../pipelines/signals/site/stage.ts'
import { signals } from '../../pipelines/signals/stage.ts'
import { trust } from '../../pipelines/trust/stage.ts'
import { app } from '../../stratum.ts'
import { MemoryState } from '../../test/engine/state/memory.ts'
import { standard } from '../../test/support/engine.ts'
import { pageView } from '../page-view.ts'

/**
 * Events that update the signals of 1,000 tenants with four platforms each, in one process: the fold over the stages
 * site, conversions, signals and trust, with records as they lie in the log and state in memory. Events come at 100,000
 * a second of their own time, ticks every five seconds of it for every tenant. Prints events/s for events of a shop (5 % conversions, 15 % steps before one, the rest page views) and
 * for conversions alone, and the largest state of a platform. Usage: events.js [EVENTS] [TENANTS] [ROUNDS]. Prints JSON.
 */
const events = Number(process.argv[2] ?? 1_000_000)
const tenants = Number(process.argv[3] ?? 1_000)
const rounds = Number(process.argv[4] ?? 3)
const BATCH = 10_000
const START = Date.UTC(2026, 0, 15) * 1000
const TICK_US = 5_000_000
const SOURCES = ['facebook', 'google', 'tiktok', 'snapchat']

const release = app(standard)
const codec = new Codec(EmbeddedRegistry.inMemory())
for (const kind of kindsOf(release)) await codec.register(kind)

const ORDINARY = [...Array(16).fill('page_view'), 'view_item', 'add_to_cart', 'begin_checkout', 'purchase']

function eventAt(i: number, names: readonly string[]): EventFact {
  const of = {
    tenant_id: `tenant-${i % tenants}`,
    event_id: `e${i}`,
    event_time: START + i * 10,
    person_key: `person-${i % 50_000}`,
  }
  return pageView(of, {
    event_name: names[Math.floor(i / tenants) % names.length]!,
    user_key: i % 3 === 0 ? `user-${i % 50_000}` : null,
    traffic_source: SOURCES[i % 4]!,
    transaction_id: `t${i}`,
    value_micros: 20_000_000,
    currency: 'EUR',
  })
}

function records(names: readonly string[]): StoredRecord[] {
  const all: StoredRecord[] = []
  let ticked = 0
  for (let i = 0; i < events; i++) {
    const event = eventAt(i, names)
    all.push({
      key: Buffer.from(event.tenant_id),
      value: codec.encode(eventKind, event),
      time: event.ingest_time,
      offset: all.length,
    })
    if (i + 1 < (ticked + 1) * (TICK_US / 10) && i + 1 < events) continue
    ticked++
    for (let tenant = 0; tenant < tenants; tenant++) {
      const at = START + ticked * TICK_US
      const tick: Tick = {
        tenant_id: `tenant-${tenant}`,
        event_id: `t${ticked}`,
        event_time: at,
        ingest_time: at,
        watermark: at,
        final: false,
      }
      const value = codec.encode(tickKind, tick)
      all.push({ key: Buffer.from(tick.tenant_id), value, time: at, offset: all.length })
    }
  }
  return all
}

const task: Task = {
  name: 'tenant',
  from: 'facts',
  stages: [site, conversions(standard.dedup), signals, trust],
  emits: ['signals'],
}

function run(all: readonly StoredRecord[]) {
  const state = new MemoryState()
  const layout = new Layout(release, { raw: 1, facts: 1, persons: 1 }, () => undefined)
  const fold = new Fold({
    task,
    topic: 'stratum.facts',
    partition: 0,
    codec,
    layout,
    state,
    cachedKeys: 10_000,
  })
  const before = process.cpuUsage()
  const started = performance.now()
  for (let at = 0; at < all.length; at += BATCH) {
    const batch = all.slice(at, at + BATCH)
    const unit = fold.process({
      topic: 'stratum.facts',
      partition: 0,
      records: batch,
      next: at + batch.length,
    })
    for (const part of unit.state ?? []) state.apply(part)
    fold.landed()
  }
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  const sizes = [...state.map].map(([key, value]) => [key.split('\0')[0] ?? '', value.length] as const)
  const largest: Record<string, number> = {}
  for (const [name, size] of sizes) largest[name] = Math.max(largest[name] ?? 0, size)
  return { perSecond: events / seconds, cpu: (user + system) / 1e6, largest }
}

for (const [what, names] of [
  ['events of a shop', ORDINARY],
  ['conversions alone', ['purchase']],
] as const) {
  const all = records(names)
  const results = Array.from({ length: rounds }, () => run(all))
  const rates = results.map(r => Math.round(r.perSecond)).sort((a, b) => a - b)
  console.log(
    JSON.stringify({
      what,
      events,
      tenants,
      events_per_second: { median: rates[rates.length >> 1], least: rates[0], most: rates.at(-1) },
      largest_state_bytes: results[0]!.largest,
    }),
  )
}
