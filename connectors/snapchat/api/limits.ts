import { createHash } from 'node:crypto'
import { type Answer, budget, type Part, seconds } from '../../../plugins/http/index.ts'
import type { Settings } from '../settings.ts'

/** Longer waits than this are left to the answer 429. */
const LONGEST_PAUSE_MS = 60_000

/**
 * 20 requests a second for an app, 10 for a token (platforms.md §4.1). A connection has one token at a time.
 * @param now UTC microseconds
 */
export function limitsOf({ client_id, refresh_token }: Settings, now: () => number): Part[] {
  const told = (answer: Answer) => ({ pauseMs: pauseMs(answer, now()) })
  const token = createHash('sha256').update(refresh_token).digest('hex').slice(0, 16)
  return [
    budget({ key: `snapchat/app ${client_id}`, limits: [{ calls: 20, perMs: seconds(1) }], told }),
    budget({ key: `snapchat/token ${token}`, limits: [{ calls: 10, perMs: seconds(1) }], told }),
  ]
}

/** `X-Rate-Limit-Remaining` and `-Reset` (Unix seconds) are not documented; they are heeded where they are there. */
function pauseMs(answer: Answer, now: number): number {
  const remaining = numberOf(answer.header('x-rate-limit-remaining'))
  const reset = numberOf(answer.header('x-rate-limit-reset'))
  if (remaining !== 0 || reset === null) return 0
  return Math.min(LONGEST_PAUSE_MS, Math.max(0, reset * 1000 - now / 1000))
}

const numberOf = (text: string | null): number | null =>
  text !== null && /^\d+$/.test(text) ? Number(text) : null
