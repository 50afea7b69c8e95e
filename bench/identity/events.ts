import { Codec } from '../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../engine/codec/registry/embedded.ts'
import type { StoredRecord } from '../../engine/log/port.ts'
import { kindsOf } from '../../engine/runtime/stores.ts'
import { Fold } from '../../engine/stage/fold.ts'
import { Layout } from '../../engine/stage/layout.ts'
import type { Stage } from '../../engine/stage/stage.ts'
import { identity } from '../../pipelines/identity/stage.ts'
import { type EventFact, eventKind } from '../../pipelines/ingest/facts.ts'
import { toPersons } from '../../pipelines/ingest/route.ts'
import { app } from '../../stratum.ts'
import { MemoryState } from '../../test/engine/state/memory.ts'
import { standard } from '../../test/support/engine.ts'
import { pageView } from '../page-view.ts'

/**
 * What identity costs an event: the fold over the stage `to-persons` alone and with `identity` before it, one process,
 * records as they lie in the log, state in memory. Prints microseconds an event more, by what events say of people:
 * nothing; a login that is known; a click that is new; a login that joins a second browser. And the state's bytes a
 * person. Usage: events.js [EVENTS] [ROUNDS]. Prints JSON.
 */
const events = Number(process.argv[2] ?? 200_000)
const rounds = Number(process.argv[3] ?? 3)
const BATCH = 10_000
const START = Date.UTC(2026, 0, 15) * 1000

const release = app(standard)
const codec = new Codec(EmbeddedRegistry.inMemory())
for (const kind of kindsOf(release)) await codec.register(kind)

/** Parameters of a page view in GA4's export. */
const PARAMS = { engagement_time_msec: '1200', page_type: 'product', list: 'spring', experiment: 'b' }

function eventAt(i: number, more: Partial<EventFact>): EventFact {
  const person_key = more.person_key ?? `person-${i % 20_000}`
  const of = { tenant_id: `tenant-${i % 100}`, event_id: `e${i}`, event_time: START + i * 10, person_key }
  return pageView(of, { params: PARAMS, ...more })
}

const STORIES: Readonly<Record<string, (i: number) => Partial<EventFact>>> = {
  'nothing of who it is': () => ({}),
  'a login that is known': i => ({ user_key: `user-${i % 1_000}`, person_key: `person-${i % 1_000}` }),
  'a click that is new': i => ({ click_ids: { gclid: `click-${i}` }, person_key: `person-${i}` }),
  'a login of two browsers': i => ({ user_key: `user-${i % (events / 2)}`, person_key: `person-${i}` }),
}

function recordsOf(story: (i: number) => Partial<EventFact>): StoredRecord[] {
  return Array.from({ length: events }, (_, i) => {
    const event = eventAt(i, story(i))
    return {
      key: Buffer.from(event.tenant_id),
      value: codec.encode(eventKind, event),
      time: event.ingest_time,
      offset: i,
    }
  })
}

function run(all: readonly StoredRecord[], stages: readonly Stage[]) {
  const state = new MemoryState()
  const fold = new Fold({
    task: { name: 'tenant', from: 'facts', stages, emits: ['persons', 'identity'] },
    topic: 'stratum.facts',
    partition: 0,
    codec,
    layout: new Layout(release, { raw: 1, facts: 1, persons: 1 }, () => undefined),
    state,
  })
  const started = process.cpuUsage()
  for (let at = 0; at < all.length; at += BATCH) {
    const records = all.slice(at, at + BATCH)
    const unit = fold.process({ topic: 'stratum.facts', partition: 0, records, next: at + records.length })
    for (const part of unit.state ?? []) state.apply(part)
    fold.landed()
  }
  const { user, system } = process.cpuUsage(started)
  const own = [...state.map].filter(([key]) => key.startsWith('identity\0v'))
  return {
    micros: (user + system) / events,
    bytes: own.reduce((sum, [key, value]) => sum + key.length + value.length, 0),
    people: own.filter(([key]) => key.includes('\0person\0')).length,
  }
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1]!

for (const [what, story] of Object.entries(STORIES)) {
  const all = recordsOf(story)
  run(all, [identity, toPersons])
  const without = Array.from({ length: rounds }, () => run(all, [toPersons]).micros)
  const runs = Array.from({ length: rounds }, () => run(all, [identity, toPersons]))
  const { bytes, people } = runs[0]!
  const withIt = median(runs.map(r => r.micros))
  console.log(
    JSON.stringify({
      what,
      events,
      micros_an_event: {
        to_persons: Number(median(without).toFixed(2)),
        with_identity: Number(withIt.toFixed(2)),
      },
      state_bytes_a_person: people === 0 ? 0 : Math.round(bytes / people),
    }),
  )
}
