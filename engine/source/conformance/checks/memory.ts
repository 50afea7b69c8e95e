import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { StreamSpec } from '../../port.ts'
import type { Bench } from '../bench.ts'
import type { Check } from '../check.ts'
import { count, failed, inapplicable } from '../result.ts'

const MB = 1024 * 1024
/** Looked at every tenth of the records, from the second on: before that caches fill and code is compiled. */
const TENTHS = [2, 3, 4, 5, 6, 7, 8, 9, 10]
/** How many looks at either end: a page on its way may weigh some megabytes, and is not there at all of them. */
const LOOKS = 3

/**
 * Memory in use after a full collection: the least of the first looks against the least of the last ones, for all
 * records. The trial's platform runs in the same process: what it keeps counts too. What the kit remembers is
 * forgotten meanwhile.
 */
export const memory: Check = {
  name: 'memory',
  title: 'memory stays bounded however much is read',
  run: lab => {
    const { records, memoryBytes } = lab.options
    return lab.with(
      async bench => {
        let most = 0
        for (const stream of await bench.streams()) {
          const { read, looks } = await watched(bench, stream, records)
          most = Math.max(most, read)
          if (looks.length < TENTHS.length) continue
          const share = (TENTHS.at(-LOOKS)! - TENTHS[0]!) / 10
          const grown = (Math.min(...looks.slice(-LOOKS)) - Math.min(...looks.slice(0, LOOKS))) / share
          const figure = `${(grown / MB).toFixed(1)} MB more in use for ${count(records, 'record')} of ${stream.name}`
          if (grown > memoryBytes) failed(`${figure}; ${Math.round(memoryBytes / MB)} MB are allowed`)
          return figure
        }
        return inapplicable(
          `its trial gives ${count(most, 'record')}, and ${count(records, 'record')} are needed`,
        )
      },
      { records },
    )
  },
}

/** Bytes in use at each tenth of so many records of a stream. */
async function watched(bench: Bench, stream: StreamSpec, records: number) {
  const looks: number[] = []
  let read = 0
  for await (const batch of bench.batches(stream)) {
    read += batch.records.length
    bench.forget()
    while (looks.length < TENTHS.length && read >= (records * TENTHS[looks.length]!) / 10)
      looks.push(await inUse())
    if (read >= records) break
  }
  return { read, looks }
}

let collect: (() => void) | null = null

/** Bytes of heap and buffers that are held. */
async function inUse(): Promise<number> {
  if (collect === null) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
  // Buffers are given back a turn later.
  await turn()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
