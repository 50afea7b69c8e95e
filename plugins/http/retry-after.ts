/**
 * Milliseconds of a `Retry-After` (RFC 9110 §10.2.3: seconds, or a date); null where it says nothing that can be read.
 * @param now UTC microseconds
 */
export function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null) return null
  const text = value.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - Math.floor(now / 1000))
}
