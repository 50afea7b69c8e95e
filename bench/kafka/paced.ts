import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { messageOf } from '../../engine/errors.ts'
import { EventPool } from './event-pool.ts'
import { called, openProducer } from './librdkafka.ts'
import { LOUD } from './records.ts'

/**
 * Sends events at a steady rate, each with the time it was sent at (`ingest_time`).
 *
 * Usage: paced.js --bootstrap HOST:PORT --topic TOPIC --rate EVENTS_PER_SECOND --seconds N [--loud N]. With --loud one
 * more tenant sends N times as much as all of them, to the same partitions. Prints {"events", "behindMs"}: all sent, and
 * the furthest it fell behind its schedule.
 */
const { values } = parseArgs({
  options: {
    bootstrap: { type: 'string' },
    topic: { type: 'string' },
    rate: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: '2' },
    loud: { type: 'string', default: '0' },
  },
})

const TICK_MS = 2
const nowUs = () => Math.round((performance.timeOrigin + performance.now()) * 1000)

async function main(bootstrap: string, topic: string, rate: number, seconds: number) {
  const pool = new EventPool({ seed: Number(values.seed) })
  const loud = Number(values.loud)
  const others = new EventPool({
    seed: Number(values.seed),
    prefix: LOUD,
    tenants: 1,
    size: loud === 0 ? 0 : 1 << 14,
  })
  const producer = await openProducer(bootstrap)
  const total = Math.round(rate * seconds)
  const begun = performance.now()
  let sent = 0
  let behindMs = 0
  while (sent < total) {
    const ms = performance.now() - begun
    const due = Math.min(total, Math.ceil((ms * rate) / 1000))
    behindMs = Math.max(behindMs, ms - (sent * 1000) / rate)
    for (; sent < due; sent++) {
      const now = nowUs()
      for (let i = 0; i <= loud; i++) {
        const { key, value } = i === 0 ? pool.next(now) : others.next(now)
        producer.produce(topic, null, value, key, Math.floor(now / 1000))
      }
    }
    producer.poll()
    await wait(TICK_MS)
  }
  await called(done => producer.flush(60_000, done))
  await called(done => producer.disconnect(10_000, done))
  return { events: sent * (1 + loud), behindMs: Math.round(behindMs) }
}

try {
  const { bootstrap, topic, rate, seconds } = values
  if (!bootstrap || !topic || !Number(rate) || !Number(seconds))
    throw new Error('paced: --bootstrap, --topic, --rate and --seconds are needed')
  process.stdout.write(`${JSON.stringify(await main(bootstrap, topic, Number(rate), Number(seconds)))}\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
