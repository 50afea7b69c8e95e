const PARTS = { YYYY: '(?<year>\\d{4})', MM: '(?<month>\\d{1,2})', DD: '(?<day>\\d{1,2})' } as const

/**
 * Reads dates of one format made of YYYY, MM, DD and what stands between them; gives YYYY-MM-DD, or null for what
 * is no such date. The order of day and month comes from the format alone, it is never guessed.
 * @throws RangeError when the format lacks a part
 */
export function dateReader(format: string): (text: string) => string | null {
  const tokens = format.split(/(YYYY|MM|DD)/)
  for (const part of Object.keys(PARTS))
    if (tokens.filter(token => token === part).length !== 1)
      throw new RangeError(`date format '${format}' needs YYYY, MM and DD, each once`)
  // Without anything between them the parts need all their digits.
  const fixed = tokens.some((token, i) => token === '' && i > 0 && i < tokens.length - 1)
  const pattern = tokens
    .map(t => (t in PARTS ? PARTS[t as keyof typeof PARTS] : t.replace(/\W/g, '\\$&')))
    .join('')
  const regex = new RegExp(`^${fixed ? pattern.replaceAll('{1,2}', '{2}') : pattern}$`)
  return text => {
    const { year, month, day } = regex.exec(text)?.groups ?? {}
    return year ? dayOf(Number(year), Number(month), Number(day)) : null
  }
}

function dayOf(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCFullYear() !== year)
    return null
  return date.toISOString().slice(0, 10)
}

const SCALES: Readonly<Record<string, number>> = { unix_s: 1e6, unix_ms: 1e3, unix_us: 1 }
export const INSTANT_FORMATS: readonly string[] = ['iso', ...Object.keys(SCALES)]
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/
const EARLIEST = Date.UTC(2000, 0, 1) * 1000
const LATEST = Date.UTC(2100, 0, 1) * 1000

/** An instant to UTC microseconds; null for what is none, has no zone, or lies outside 2000 to 2100. */
export function instantOf(text: string, format = 'iso'): number | null {
  const scale = SCALES[format]
  let micros: number
  if (scale !== undefined) micros = /^\d{1,16}$/.test(text) ? Number(text) * scale : Number.NaN
  else micros = ISO.test(text) ? Date.parse(text.replace(' ', 'T')) * 1000 : Number.NaN
  return micros >= EARLIEST && micros < LATEST ? micros : null
}

/** The UTC day after the one of an instant: the latest a report of that moment can speak of in any zone. */
export function dayAfter(micros: number): string {
  return new Date(micros / 1000 + 86_400_000).toISOString().slice(0, 10)
}

export const FIRST_DAY = '2000-01-01'
