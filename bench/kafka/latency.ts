import { fileURLToPath } from 'node:url'
import avsc from 'avsc'
import { runToEnd } from '../../test/support/servers/machine.ts'
import type { BenchAdmin } from './admin.ts'
import { Delays, quantile, type Seen } from './delays.ts'
import { Started } from './measure.ts'
import { freshGroup } from './pair.ts'
import { Following, readAll } from './read-all.ts'
import {
  type BenchEvent,
  type BenchWindow,
  benchEvent,
  benchWindow,
  LOUD,
  PARTITIONS,
  windowId,
  windowOf,
} from './records.ts'
import type { Subject } from './subjects.ts'

export interface LatencyOptions {
  readonly admin: BenchAdmin
  readonly bootstrap: string
  readonly folder: string
  /** Events a second. */
  readonly rate: number
  /** Not measured. */
  readonly warmSeconds: number
  readonly seconds: number
  /** One more tenant sends so many times as much as all others; only the others are measured. */
  readonly loud?: number
  readonly say: (line: string) => void
}

/** Milliseconds from the sending of an event to the sight of a committed output that counts it. */
export interface Latency {
  readonly p50: number
  readonly p99: number
}

const PACED = fileURLToPath(new URL('paced.js', import.meta.url))
const HEADER = 5
const events = avsc.Type.forSchema(benchEvent.schema)
const windows = avsc.Type.forSchema(benchWindow.schema)
const nowUs = () => (performance.timeOrigin + performance.now()) * 1000

/** A run at a steady rate, with a reader of committed outputs beside it. */
export async function latencyOf(subject: Subject, o: LatencyOptions): Promise<Latency> {
  const group = freshGroup(subject.name)
  const topic = `${group}.events`
  await o.admin.create(topic, PARTITIONS)
  const started = await Started.start(subject, o.admin, o.folder, { bootstrap: o.bootstrap, topic, group })
  try {
    await started.ready()
    const seen: Seen[] = []
    const { output } = started.run
    const following = await Following.start(o.bootstrap, output, PARTITIONS, ({ value }) => {
      const { event_id, events } = windows.fromBuffer(value!.subarray(HEADER)) as BenchWindow
      if (!event_id.startsWith(LOUD)) seen.push({ window: event_id, events, at: nowUs() })
    })
    const told = {
      bootstrap: o.bootstrap,
      topic,
      rate: o.rate,
      seconds: o.warmSeconds + o.seconds,
      loud: o.loud ?? 0,
    }
    const args = Object.entries(told).flatMap(([name, value]) => [`--${name}`, String(value)])
    const begun = nowUs()
    const paced = JSON.parse(await runToEnd(process.execPath, [PACED, ...args])) as Paced
    await started.finish(paced.events)
    await started.stop()
    await following.reach(await o.admin.ends(output))
    const delays = await sentTimes(o.bootstrap, topic, await o.admin.ends(topic))
    const all = delays.measure(seen, begun + o.warmSeconds * 1e6, Number.POSITIVE_INFINITY)
    const result = { p50: quantile(all, 0.5), p99: quantile(all, 0.99) }
    o.say(
      `${subject.name.padEnd(7)} ${Math.round(o.rate).toLocaleString('en')} events/s: p50 ${result.p50.toFixed(0)} ms, p99 ${result.p99.toFixed(0)} ms of ${all.length.toLocaleString('en')} events, ${seen.length.toLocaleString('en')} outputs; the sender was up to ${paced.behindMs} ms late`,
    )
    return result
  } finally {
    await started.forget()
  }
}

interface Paced {
  readonly events: number
  readonly behindMs: number
}

/** When each event of each window was sent, read from the events themselves. */
async function sentTimes(bootstrap: string, topic: string, ends: readonly number[]): Promise<Delays> {
  const delays = new Delays()
  await readAll(bootstrap, topic, ends, ({ value }) => {
    const event = events.fromBuffer(value!.subarray(HEADER)) as BenchEvent
    const id = windowId(event.tenant_id, event.campaign_id, windowOf(event.event_time))
    if (!id.startsWith(LOUD)) delays.add(id, event.ingest_time)
  })
  return delays
}
