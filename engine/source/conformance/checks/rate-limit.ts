import { setTimeout as sleep } from 'node:timers/promises'
import type { Check } from '../check.ts'
import { wrongly } from '../describe.ts'
import type { Fault } from '../proxy/fault.ts'
import { failed } from '../result.ts'
import { type Clean, eachStream, failureOf, type Proxied, survives } from './spoilt.ts'

const limited = (seconds: number): Fault => ({
  kind: 'answer',
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: '{"error":"too many requests"}',
})
/** Clocks and timers are this exact. Milliseconds. */
const EXACT_MS = 50
const HOUR = 3600

export const rateLimit: Check = {
  name: 'rate-limit',
  title: 'a 429 costs nothing, and Retry-After is waited for',
  run: lab =>
    lab.over(async bench => {
      let waited = false
      await eachStream(lab, bench, async clean => {
        const at = Math.ceil(clean.requests / 2)
        // A second is a second: once is enough.
        if (waited) await survives(bench, clean, at, limited(0))
        else await waits(bench, clean, at)
        waited = true
      })
      const [stream] = await bench.streams()
      const { requests } = bench.proxy
      const error = await failureOf(bench, stream!, limited(HOUR), 'a rate limit')
      const problem = wrongly(error, ['retryable'])
      if (problem) failed(`while a rate limit lasts, ${problem}`)
      const { retryAfterMs } = error as { retryAfterMs?: number | null }
      const asked = bench.proxy.requests - requests
      if ((retryAfterMs ?? 0) < HOUR * 1000 && asked > 1)
        failed(`told to wait an hour, it asked ${asked} times and does not say how long to wait`)
      await sleep(0)
    }),
}

async function waits(bench: Proxied, clean: Clean, at: number): Promise<void> {
  const before = bench.proxy.requests
  await survives(bench, clean, at, limited(1))
  const seen = bench.proxy.seen.slice(before)
  const refused = seen[at - 1]!
  const pathOf = ({ path }: { path: string }) => path.replace(/\?.*/, '')
  const again = seen.slice(at).find(one => pathOf(one) === pathOf(refused))
  if (again && again.at - refused.at < 1000 - EXACT_MS)
    failed(`told to wait 1 s (Retry-After), it asked again after ${Math.round(again.at - refused.at)} ms`)
}
