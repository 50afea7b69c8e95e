import { setMaxListeners } from 'node:events'
import type { EventLog, StoredRecord } from '../log/port.ts'

/** A record and where it lies. */
export interface Passing {
  readonly partition: number
  readonly record: StoredRecord
}

interface Place {
  readonly partition: number
  readonly until: number
  at: number
  waiting: readonly StoredRecord[]
  next: number
  /** At its end when it was last looked at. */
  dry: boolean
}

const AT_ONCE = { maxRecords: 500, maxBytes: 1 << 20 }

/**
 * Records of several partitions of a topic from positions on, the earliest first as far as they are there; of one
 * partition always in order. With `follow` it waits at the end for more, until the signal aborts; without, it shows
 * what was there when it began. Reads only.
 */
export async function* passing(
  log: EventLog,
  topic: string,
  from: ReadonlyMap<number, number>,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<Passing> {
  const places: Place[] = []
  for (const [partition, at] of from) {
    const until = follow ? Number.POSITIVE_INFINITY : (await log.bounds(topic, partition)).end
    places.push({ partition, until, at, waiting: [], next: 0, dry: false })
  }
  while (!signal.aborted) {
    for (const place of places) if (!place.dry) await fill(log, topic, place)
    const first = earliest(places)
    if (first) yield { partition: first.partition, record: first.waiting[first.next++]! }
    else if (follow) {
      await arrival(log, topic, places, signal)
      for (const place of places) place.dry = false
    } else return
  }
}

async function fill(log: EventLog, topic: string, place: Place): Promise<void> {
  while (place.next >= place.waiting.length) {
    const batch = place.at < place.until ? await log.read(topic, place.partition, place.at, AT_ONCE) : null
    place.dry = batch === null
    if (batch === null) return
    place.at = batch.next
    place.waiting = batch.records.filter(record => record.offset < place.until)
    place.next = 0
  }
}

function earliest(places: readonly Place[]): Place | undefined {
  let found: Place | undefined
  for (const place of places) {
    const record = place.waiting[place.next]
    if (record && (!found || record.time < found.waiting[found.next]!.time)) found = place
  }
  return found
}

async function arrival(
  log: EventLog,
  topic: string,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<void> {
  const woken = new AbortController()
  setMaxListeners(0, woken.signal)
  const wake = () => woken.abort()
  signal.addEventListener('abort', wake)
  try {
    await Promise.race(places.map(({ partition, at }) => log.wait(topic, partition, at, woken.signal)))
  } finally {
    signal.removeEventListener('abort', wake)
    wake()
  }
}
