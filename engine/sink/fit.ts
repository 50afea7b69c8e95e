import type { ColumnSpec } from './table.ts'

/** Gives a value as its column's writer takes it. RangeError when the column cannot hold it as it is. */
export type Fit = (value: unknown) => unknown

/** What fits a column, asked before a byte of the row is written: a row is in a block whole or not at all. */
export function fitOf({ name, type }: ColumnSpec): Fit {
  const plain = type.replace(/^LowCardinality\((.*)\)$/, '$1').replace(/^Nullable\((.*)\)$/, '$1')
  const rule = RULES[plain]
  if (!rule) throw new TypeError(`no native writer for ${type}`)
  const nullable = type.includes('Nullable')
  return value => {
    if (value === null || value === undefined) {
      if (nullable) return null
      throw new RangeError(`${name} is missing`)
    }
    const fitted = rule.fit(value)
    if (fitted === undefined)
      throw new RangeError(`${name}: ${preview(value)} is not ${rule.is} a column can hold`)
    return fitted
  }
}

interface Rule {
  /** undefined: it does not fit. */
  readonly fit: (value: unknown) => unknown
  readonly is: string
}

const whole = (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Rule => ({
  fit: value =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max ? value : undefined,
  is: 'a whole number',
})

/** UTC micros from which on a DateTime64 is shown as what it is; its end, in 2299, is beyond the safe integers. */
const FIRST_TIME = Date.UTC(1900, 0, 1) * 1000

const RULES: Readonly<Record<string, Rule>> = {
  String: { fit: value => (typeof value === 'string' ? value : undefined), is: 'a text' },
  Bool: { fit: value => (typeof value === 'boolean' ? value : undefined), is: 'a true or false' },
  UInt32: whole(0, 2 ** 32 - 1),
  UInt64: whole(0),
  Int64: whole(),
  'Decimal(18, 6)': whole(),
  "DateTime64(6, 'UTC')": whole(FIRST_TIME),
  Date: { fit: value => (typeof value === 'string' ? dayNumber(value) : undefined), is: 'a day' },
  Float64: { fit: finite, is: 'a finite number' },
  'Map(LowCardinality(String), String)': { fit: entriesOf(isText), is: 'a map of texts' },
  'Map(LowCardinality(String), Float64)': { fit: entriesOf(Number.isFinite), is: 'a map of finite numbers' },
  'Array(LowCardinality(String))': { fit: texts, is: 'a list of texts' },
  "Array(DateTime64(6, 'UTC'))": { fit: times, is: 'a list of times' },
}

const days = new Map<string, number | undefined>()
const DAY_MS = 86_400_000

/** Days since 1970 of YYYY-MM-DD, when there is such a day and two bytes hold it. */
function dayNumber(date: string): number | undefined {
  if (days.has(date)) return days.get(date)
  const ms = Date.parse(`${date}T00:00:00Z`)
  // Asked back, because `Date` takes the 30th of February for the 2nd of March.
  const there = Number.isFinite(ms) && new Date(ms).toISOString().slice(0, 10) === date
  const n = there && ms >= 0 && ms <= 65_535 * DAY_MS ? ms / DAY_MS : undefined
  if (days.size > 10_000) days.clear()
  days.set(date, n)
  return n
}

/** Keys and values in turn. */
function entriesOf(fits: (value: unknown) => boolean) {
  return (value: unknown): unknown[] | undefined => {
    if (typeof value !== 'object' || Array.isArray(value)) return undefined
    const map = value as Readonly<Record<string, unknown>>
    const flat: unknown[] = []
    for (const key in map) {
      const item = map[key]
      if (!fits(item)) return undefined
      flat.push(key, item)
    }
    return flat
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** A number that is none would be shown as one. */
function finite(value: unknown): unknown {
  return Number.isFinite(value) ? value : undefined
}

function texts(value: unknown): unknown {
  return Array.isArray(value) && value.every(item => typeof item === 'string') ? value : undefined
}

function times(value: unknown): unknown {
  const isTime = (item: unknown) => Number.isSafeInteger(item) && (item as number) >= FIRST_TIME
  return Array.isArray(value) && value.every(isTime) ? value : undefined
}

function preview(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
