import { readFileSync } from 'node:fs'

/**
 * Watches the peak of this process' anonymous memory, looked at every so many milliseconds: LMDB's map counts as
 * resident, so RssAnon is read. Ends the watch: MiB.
 */
export function peakMemory(everyMs: number): () => number {
  let peak = 0
  const sampling = setInterval(() => {
    const kib = Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
    peak = Math.max(peak, kib)
  }, everyMs)
  return () => {
    clearInterval(sampling)
    return Math.round(peak / 1024)
  }
}
