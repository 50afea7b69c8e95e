import { LmdbLog } from '../../../../engine/log/lmdb/log.ts'
import type { LogRecord } from '../../../../engine/log/port.ts'

/**
 * A process for the tests: `child.js DIR` goes on from what the log holds and commits unit after unit until it is
 * killed, saying the number of each once it is acknowledged. A unit n holds n % 4 + 1 records in each of two
 * partitions, the number as state and as position: what is half there shows.
 */
export const [TOPIC, GROUP, STORE] = ['units', 'child', 'units']
export const PARTITIONS = 2
export const recordsOf = (unit: number) => (unit % 4) + 1

async function commitForEver(dir: string): Promise<void> {
  const log = new LmdbLog(dir)
  await log.ensureTopic({ name: TOPIC, partitions: PARTITIONS, cleanup: 'compact' })
  const writer = await log.writer(GROUP)
  for (let unit = ((await log.position(GROUP, TOPIC, 0)) ?? 0) + 1; ; unit++) {
    const records = Array.from({ length: recordsOf(unit) }, (_, i): LogRecord => {
      const key = Buffer.from(`${unit}.${i}`)
      return { key, value: Buffer.alloc(40_000, unit), time: unit }
    })
    await writer.commit({
      appends: Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: TOPIC, partition, records })),
      state: [
        { store: STORE, changes: [{ key: Buffer.from(`${unit}`), value: Buffer.alloc(5_000, unit) }] },
        { store: STORE, changes: [{ key: Buffer.from('last'), value: Buffer.from(`${unit}`) }] },
      ],
      positions: Array.from({ length: PARTITIONS }, (_, partition) => ({
        group: GROUP,
        topic: TOPIC,
        partition,
        next: unit,
      })),
    })
    process.stdout.write(`${unit}\n`)
    // Cleaning, too, must not be seen half done. Nothing is there to be dropped.
    if (unit % 7 === 0) await log.clean(0)
  }
}

const [, script, dir] = process.argv
if (script?.endsWith('child.js')) await commitForEver(dir!)
