import { type KafkaServer, startKafka } from './kafka.ts'

let shared: Promise<KafkaServer> | undefined

/**
 * One broker for all tests of a file, stopped with `t`: give it the file's own `t`, not a subtest's. Tests that
 * share it take topics and groups of their own and do not kill it.
 */
export function sharedKafka(t: { teardown(fn: () => Promise<void>): void }): Promise<KafkaServer> {
  if (shared === undefined) {
    const starting = startKafka()
    shared = starting
    t.teardown(async () => {
      shared = undefined
      const kafka = await starting.catch(() => undefined)
      await kafka?.stop()
    })
  }
  return shared
}
