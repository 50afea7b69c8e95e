const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/

/** UTC microseconds of an ISO 8601 time; without a zone it is UTC, as Singer has it. null: it is none. */
export function microsOf(text: string): number | null {
  const match = INSTANT.exec(text)
  if (match === null) return null
  const [, day, time, fraction = '', zone = 'Z'] = match
  const ms = Date.parse(`${day}T${time}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`)
  return Number.isNaN(ms) ? null : ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}
