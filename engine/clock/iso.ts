/** An instant in UTC microseconds as ISO 8601 with all six digits: `2026-01-15T12:00:00.000001Z`. */
export function isoTime(micros: number): string {
  const millis = Math.floor(micros / 1000)
  const rest = String(micros - millis * 1000).padStart(3, '0')
  return new Date(millis).toISOString().replace('Z', `${rest}Z`)
}
