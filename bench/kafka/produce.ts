import { setImmediate as turn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { messageOf } from '../../engine/errors.ts'
import { BenchAdmin } from './admin.ts'
import { EventPool } from './event-pool.ts'
import { called, openProducer } from './librdkafka.ts'
import { PARTITIONS } from './records.ts'

/**
 * Fills the topic of the speed bench: events over some hours of event time, the same for the same seed. A topic that
 * holds as many is left as it is.
 *
 * Usage: produce.js --bootstrap HOST:PORT --topic TOPIC [--events 3000000] [--hours 3] [--seed 1]. Prints
 * {"events", "seconds"}.
 */
const { values } = parseArgs({
  options: {
    bootstrap: { type: 'string' },
    topic: { type: 'string' },
    events: { type: 'string', default: '3000000' },
    hours: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
})

/** Noon, 2026-11-02 UTC. */
const FIRST_US = 1_793_620_800_000_000
const IN_FLIGHT = 20_000

async function main(bootstrap: string, topic: string): Promise<{ events: number; seconds: number }> {
  const events = Number(values.events)
  const admin = await BenchAdmin.connect(bootstrap)
  const begun = performance.now()
  try {
    if (!(await admin.has(topic))) await admin.create(topic, PARTITIONS)
    const sum = async () => (await admin.ends(topic)).reduce((a, b) => a + b, 0)
    const there = await sum()
    if (there !== 0 && there !== events) throw new Error(`${topic} holds ${there} events, not ${events}`)
    if (there === 0) await send(bootstrap, topic, events)
    const arrived = await sum()
    if (arrived !== events) throw new Error(`${arrived} events arrived of ${events}`)
  } finally {
    await admin.close()
  }
  return { events, seconds: (performance.now() - begun) / 1000 }
}

async function send(bootstrap: string, topic: string, events: number): Promise<void> {
  const producer = await openProducer(bootstrap)
  const pool = new EventPool({ seed: Number(values.seed) })
  const step = (Number(values.hours) * 3_600e6) / events
  for (let i = 0; i < events; ) {
    const now = Math.floor(FIRST_US + i * step)
    const { key, value } = pool.next(now)
    while (!sent()) await called(done => producer.flush(100, () => done(null, undefined)))
    i++
    if (i % IN_FLIGHT === 0) {
      producer.poll()
      await turn()
    }

    function sent(): boolean {
      try {
        producer.produce(topic, null, value, key, Math.floor(now / 1000))
        return true
      } catch (error) {
        if (QUEUE_FULL !== (error as { code?: number }).code) throw error
        return false
      }
    }
  }
  await called(done => producer.flush(120_000, done))
  await called(done => producer.disconnect(10_000, done))
}
const QUEUE_FULL = -184

try {
  if (values.bootstrap === undefined || values.topic === undefined)
    throw new Error('produce: --bootstrap and --topic are needed')
  process.stdout.write(`${JSON.stringify(await main(values.bootstrap, values.topic))}\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
