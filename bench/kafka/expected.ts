import avsc from 'avsc'
import { readAll } from './read-all.ts'
import { benchEvent, GRACE_US, WINDOW_US, windowId, windowOf } from './records.ts'

export interface Totals {
  events: number
  costMicros: number
  latestIngest: number
}

const HEADER = 5

/** What is read of an event here. */
interface Read {
  readonly tenant_id: string
  readonly campaign_id: string
  readonly event_time: number
  readonly ingest_time: number
  readonly cost_micros: number
}

/** Final value of every window, by `windowId`, computed from the events without any of the systems under test. */
export class Expected {
  readonly windows = new Map<string, Totals>()
  readonly #type = avsc.Type.forSchema(benchEvent.schema)
  readonly #newest: number[] = []

  add(partition: number, bytes: Buffer): void {
    const event = this.#type.decode(bytes, HEADER).value as Read
    const start = windowOf(event.event_time)
    const newest = Math.max(this.#newest[partition] ?? 0, event.event_time)
    this.#newest[partition] = newest
    // Whether such an event counts is each system's own affair: then there would be nothing to compare.
    if (start + WINDOW_US + GRACE_US <= newest) throw new Error('an event is later than the grace period')
    const id = windowId(event.tenant_id, event.campaign_id, start)
    const totals = this.windows.get(id)
    if (totals === undefined) {
      this.windows.set(id, { events: 1, costMicros: event.cost_micros, latestIngest: event.ingest_time })
      return
    }
    totals.events++
    totals.costMicros += event.cost_micros
    totals.latestIngest = Math.max(totals.latestIngest, event.ingest_time)
  }
}

export async function expectedOf(
  bootstrap: string,
  topic: string,
  ends: readonly number[],
): Promise<Expected> {
  const expected = new Expected()
  await readAll(bootstrap, topic, ends, ({ partition, value }) => expected.add(partition, value!))
  return expected
}
