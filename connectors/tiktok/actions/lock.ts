import { RetryableError } from '../../../plugins/errors.ts'
import { minutes } from '../../../plugins/http/index.ts'
import { addDays, dayIn, startOfDay } from '../../../plugins/sync/index.ts'

/** Budgets cannot be changed in the last minutes of the account's day (platforms.md §3.3). */
const LOCKED_MS = minutes(5)

/** How long budgets are still locked; 0: they are not. Milliseconds. @param now UTC microseconds */
export function lockedMs(now: number, zone: string): number {
  const midnight = startOfDay(addDays(dayIn(zone, now), 1), zone)
  const leftMs = Math.ceil((midnight - now) / 1000)
  return leftMs <= LOCKED_MS ? leftMs : 0
}

/** @throws RetryableError until the account's midnight */
export function refuseLocked(now: number, zone: string): void {
  const retryAfterMs = lockedMs(now, zone)
  if (retryAfterMs > 0)
    throw new RetryableError(`TikTok locks budgets from 23:55 to 00:00 of the account's time (${zone})`, {
      retryAfterMs,
    })
}
