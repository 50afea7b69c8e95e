const MINUTE_US = 60_000_000
const LONGEST_MINUTES = 7 * 1440

/** `2026-01-15T10:00:00Z` in UTC microseconds; a text: why it is none. */
export function clockOf(text: string): number | string {
  const found = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  const millis = found === null ? Number.NaN : Date.parse(found[2] === undefined ? `${text}Z` : text)
  // 30 February is not the second of March.
  const day = found === null ? Number.NaN : Date.parse(`${found[1]}T00:00:00Z`)
  if (Number.isNaN(millis) || Number.isNaN(day) || !new Date(day).toISOString().startsWith(found![1]!))
    return `is an instant such as 2026-01-15T10:00:00Z, got "${text.slice(0, 40)}"`
  return found![2] === undefined ? `says no zone: write ${text}Z for UTC, or +01:00` : millis * 1000
}

/** `+35m`, `+1h`, `+1d2h30m` in microseconds; a text: why it is none. */
export function afterOf(text: string): number | string {
  const found = /^\+(?:(\d{1,2})d)?(?:(\d{1,3})h)?(?:(\d{1,5})m)?$/.exec(text)
  const [days, hours, minutes] = [found?.[1], found?.[2], found?.[3]]
  if (found === null || (days ?? hours ?? minutes) === undefined)
    return `is the time since the clock, such as +35m or +1h30m, got "${text.slice(0, 40)}"`
  const all = Number(days ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(minutes ?? 0)
  return all > LONGEST_MINUTES ? 'is at most +7d' : all * MINUTE_US
}
