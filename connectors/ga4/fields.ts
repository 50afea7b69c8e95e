import { BadRow } from './bad-row.ts'
import type { Scalar } from './row.ts'

let lastDay = ''
let lastDate = ''

/** `20210112` (or `2021-01-12`) as `2021-01-12`; throws BadRow when there is no such day. */
export function eventDate(value: Scalar): string {
  const text = String(value)
  if (text === lastDay) return lastDate
  const parts = /^(\d{4})(-?)(\d\d)\2(\d\d)$/.exec(text)
  const date = parts ? `${parts[1]}-${parts[3]}-${parts[4]}` : ''
  // The Date constructor rolls 2021-02-30 over to March; a real day comes back as it went in.
  const day = parts ? new Date(`${date}T00:00:00Z`) : null
  if (day === null || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date)
    throw new BadRow('event_date', value, 'a day as YYYYMMDD')
  lastDay = text
  lastDate = date
  return date
}

/** 2000-01-01 and 2100-01-01 in microseconds: seconds, milliseconds and nanoseconds all fall outside. */
const EARLIEST = 946_684_800_000_000
const LATEST = 4_102_444_800_000_000

/** UTC microseconds, from a number or the digits of one. */
export function eventTime(value: Scalar): number {
  const micros = typeof value === 'number' ? value : toInteger(value)
  if (micros === null || !Number.isInteger(micros)) throw new BadRow('event_timestamp', value, 'a number')
  if (micros < EARLIEST || micros >= LATEST)
    throw new BadRow('event_timestamp', value, 'UTC microseconds of the years 2000 to 2099')
  return micros
}

/** The integer a text is; null when it is none (or too large to be exact). */
export function toInteger(value: Scalar): number | null {
  if (typeof value !== 'string' || !/^\s*-?\d+(?:\.0+)?\s*$/.test(value)) return null
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}

export function eventName(value: Scalar): string {
  const name = value === null ? '' : String(value)
  if (name === '') throw new BadRow('event_name', value, 'a name')
  return name
}

const CONSENT: Readonly<Record<string, string>> = {
  yes: 'granted',
  true: 'granted',
  '1': 'granted',
  granted: 'granted',
  no: 'denied',
  false: 'denied',
  '0': 'denied',
  denied: 'denied',
}

/** `granted` or `denied`; null when the export does not say. */
export const consent = (value: string | null): string | null =>
  value === null ? null : (CONSENT[value.toLowerCase()] ?? null)

/** BigQuery's own word for "no value", and nothing, are both unknown. */
export const unset = (value: string | null): string | null =>
  value === null || value === '' || value === '(not set)' ? null : value
