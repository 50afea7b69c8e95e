import { Temporal } from 'temporal-polyfill'
import { withOffset } from '../../plugins/sync/index.ts'

/** Times as the API writes them: `2026-04-15 09:30:00.123456` in the account's zone. */

const LOCAL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/

/** UTC microseconds; null where it is no such time. An hour that comes twice is the first one. */
export function fromLocal(text: string | null, zone: string): number | null {
  if (text === null || !LOCAL.test(text)) return null
  try {
    const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'))
    const { epochNanoseconds } = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
    return Number(epochNanoseconds / 1000n)
  } catch {
    return null
  }
}

/** To the second, which is cut off. @param micros UTC */
export const toLocal = (micros: number, zone: string): string =>
  withOffset(micros, zone).slice(0, 19).replace('T', ' ')

/** The microsecond after. */
export const nextLocal = (local: string): string =>
  Temporal.PlainDateTime.from(local.replace(' ', 'T'))
    .add({ microseconds: 1 })
    .toString({ fractionalSecondDigits: 6 })
    .replace('T', ' ')
