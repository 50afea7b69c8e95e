/** An instant in UTC microseconds as ISO 8601 with all six digits: `2026-01-15T12:00:00.000001Z`. */
export function isoTime(micros: number): string {
  const millis = Math.floor(micros / 1000)
  const rest = String(micros - millis * 1000).padStart(3, '0')
  return new Date(millis).toISOString().replace('Z', `${rest}Z`)
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

/** `2026-01-31` (in UTC) or `2026-01-31T10:00:00Z` in UTC microseconds; null: no instant with its zone. */
export function instantOf(text: string): number | null {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : ms * 1000
}
