import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Check } from '../check.ts'
import { count, failed, inapplicable } from '../result.ts'

const MB = 1024 * 1024
/** Up to here caches fill and code is compiled. Share of the records. */
const WARM = 0.2

/**
 * Memory in use after a full collection, at a fifth of the records and at their end. The trial's platform runs in the
 * same process: what it keeps counts too.
 */
export const memory: Check = {
  name: 'memory',
  title: 'memory stays bounded however much is read',
  run: lab => {
    const { records, memoryBytes } = lab.options
    return lab.with(
      async bench => {
        const streams = await bench.streams()
        let largest = { name: '', read: 0 }
        for (const stream of streams) {
          let read = 0
          let warm: number | null = null
          for await (const batch of bench.batches(stream)) {
            read += batch.records.length
            if (warm === null && read >= records * WARM) warm = inUse()
            if (read >= records) break
          }
          if (read > largest.read) largest = { name: stream.name, read }
          if (read < records || warm === null) continue
          const grown = inUse() - warm
          const figure = `${(grown / MB).toFixed(1)} MB more in use after ${count(read, 'record')} of ${stream.name} than after a fifth of them`
          if (grown > memoryBytes) failed(`${figure}; ${Math.round(memoryBytes / MB)} MB are allowed`)
          return figure
        }
        return inapplicable(
          `its trial gives ${count(largest.read, 'record')}, and ${count(records, 'record')} are needed`,
        )
      },
      { records },
    )
  },
}

let collect: (() => void) | null = null

/** Bytes of heap and buffers that are held. */
function inUse(): number {
  if (collect === null) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
