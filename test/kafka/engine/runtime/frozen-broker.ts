// Run by frozen.test.ts, apart: it may leave threads in librdkafka that hang.
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startKafka } from '../../../support/servers/kafka.ts'
import { GROUPS, House } from './house.ts'

/** Longer than a transaction, and than a producer keeps its messages. */
const FROZEN_MS = 25_000

t.test(
  'a broker that stood still for a while left groups that never worked again',
  { timeout: 300_000 },
  async t => {
    const kafka = await startKafka()
    t.teardown(() => kafka.stop())
    const house = new House(t, kafka.bootstrap)
    const machine = await house.machine('one')
    await machine.worker.start()
    while (machine.worker.groups.length < GROUPS) await sleep(20)
    const busy = new AbortController()
    const feeding = (async () => {
      while (!busy.signal.aborted) {
        // What is not known to be in is not counted: it is asked of the topic in the end.
        await house.append(machine, 8).catch(() => {})
        await sleep(5)
      }
    })()
    for (let time = 0; time < 2; time++) {
      await sleep(2_000)
      kafka.pause()
      await sleep(FROZEN_MS)
      kafka.resume()
      await sleep(5_000)
    }
    busy.abort()
    await feeding
    // Every group gets on: one that stands still keeps this from ending.
    await machine.worker.drain()
    await house.holdsTopic(t, machine)
  },
)
