import { setTimeout as wait } from 'node:timers/promises'
import { BEGINNING, called, type Message, openReader } from './librdkafka.ts'

/**
 * All committed records of a topic up to `ends` (by partition), in the order of their partition. Errors where they do
 * not come: something is left uncommitted.
 */
export async function readAll(
  bootstrap: string,
  topic: string,
  ends: readonly number[],
  onMessage: (message: Message) => void,
): Promise<number> {
  const reader = await openReader(bootstrap)
  const at = ends.map(() => 0)
  const reached = (partition: number, offset: number) => {
    at[partition] = Math.max(at[partition]!, offset)
  }
  // Where the last of a partition are markers, only this tells that all has come. It comes before the messages do.
  reader.on('partition.eof', ({ partition, offset }: { partition: number; offset: number }) =>
    reached(partition, offset),
  )
  let records = 0
  try {
    reader.assign(ends.map((_, partition) => ({ topic, partition, offset: BEGINNING })))
    let idle = performance.now()
    while (at.some((offset, partition) => offset < ends[partition]!)) {
      const messages = await called<readonly Message[]>(done => reader.consume(5_000, done))
      for (const message of messages) {
        reached(message.partition, message.offset + 1)
        onMessage(message)
      }
      records += messages.length
      if (messages.length > 0) idle = performance.now()
      else if (performance.now() - idle > 30_000)
        throw new Error(`${topic}: committed records end at ${at.join(', ')}, the log at ${ends.join(', ')}`)
      else await wait(5)
    }
  } finally {
    await called(done => reader.disconnect(done)).catch(() => {})
  }
  return records
}
