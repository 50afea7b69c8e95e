import fc from 'fast-check'
import type { ColumnSpec, ColumnType } from '../../../engine/sink/table.ts'

/** What a column type takes, how it is read back, and what it must refuse. */
interface Sample {
  readonly values: fc.Arbitrary<unknown>
  /** An expression of the column that JSON gives back exactly; left out: the column itself. */
  readonly read?: (column: string) => string
  /** What that expression must be for a value; left out: the value. */
  readonly want?: (value: never) => unknown
  readonly refused: readonly unknown[]
}

const DAY_MS = 86_400_000
/** The years a DateTime64 holds end in 2299; a safe number of micros ends before. */
const FIRST_MICROS = Date.UTC(1900, 0, 1) * 1000

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  // Around the length whose varint takes a second byte, and a long one.
  fc.constantFrom('', '\0', '\ud800', 'ü'.repeat(64), 'a'.repeat(127), 'a'.repeat(128), '€'.repeat(9_000)),
)
const day = fc.oneof(fc.constantFrom(0, 1, 65_534, 65_535), fc.integer({ min: 0, max: 65_535 }))
const int = (min: number, max: number, ...edges: number[]) =>
  fc.oneof(fc.constantFrom(min, max, ...edges), fc.integer({ min, max }))
const orNull = (values: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: values })

const MAX = Number.MAX_SAFE_INTEGER
const NO_NUMBER = [1.5, Number.NaN, Number.POSITIVE_INFINITY, MAX + 1, '7', true, {}]
const NO_TEXT = [7, true, {}, ['a']]
const micros = (column: string) => `toUnixTimestamp64Micro(${column})`
const sixDigits = (column: string) => `toDecimalString(${column}, 6)`
/** Of an integer of micros. */
const decimal = (n: number | null) => {
  if (n === null) return null
  const digits = String(Math.abs(n)).padStart(7, '0')
  return `${n < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}
/** What UTF-8 makes of a text: half a surrogate pair is none of its characters. */
const utf8 = (s: string | null) => (s === null ? null : Buffer.from(s).toString())

const string: Sample = { values: text, want: utf8, refused: [null, undefined, ...NO_TEXT] }
const nullableString: Sample = { values: orNull(text), want: utf8, refused: NO_TEXT }
const uint32: Sample = {
  values: int(0, 2 ** 32 - 1, 2 ** 31),
  refused: [null, undefined, -1, 2 ** 32, ...NO_NUMBER],
}
const uint64: Sample = { values: int(0, MAX, 2 ** 32, 2 ** 32 - 1), refused: [null, -1, ...NO_NUMBER] }
const int64: Sample = { values: int(-MAX, MAX, -1, 0, 2 ** 32, -(2 ** 32)), refused: [null, ...NO_NUMBER] }
const time: Sample = {
  values: int(FIRST_MICROS, MAX, -1, 0),
  read: micros,
  refused: [null, FIRST_MICROS - 1, '2026-01-01', ...NO_NUMBER],
}
const money: Sample = {
  values: int(-MAX, MAX, -1, 0, 1_000_000),
  read: sixDigits,
  want: decimal,
  refused: [null, ...NO_NUMBER],
}
// Minus nothing is nothing.
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map(n => n + 0)
const float: Sample = {
  values: double,
  refused: [null, undefined, Number.NaN, Number.NEGATIVE_INFINITY, '7', true, {}],
}
const nullableOf = (sample: Sample): Sample => ({
  ...sample,
  values: orNull(sample.values),
  refused: sample.refused.filter(value => value !== null && value !== undefined),
})

/** Every type there is: the compiler sees to it that none is forgotten. */
export const SAMPLES: Readonly<Record<ColumnType, Sample>> = {
  String: string,
  'Nullable(String)': nullableString,
  'LowCardinality(String)': string,
  'LowCardinality(Nullable(String))': nullableString,
  Bool: { values: fc.boolean(), refused: [null, undefined, 1, 'true'] },
  'Nullable(Bool)': { values: orNull(fc.boolean()), refused: [1, 'true'] },
  UInt32: uint32,
  'Nullable(UInt32)': nullableOf(uint32),
  UInt64: uint64,
  'Nullable(UInt64)': nullableOf(uint64),
  Int64: int64,
  'Nullable(Int64)': nullableOf(int64),
  Date: {
    values: day.map(n => new Date(n * DAY_MS).toISOString().slice(0, 10)),
    refused: [
      null,
      '1969-12-31',
      '2149-06-07',
      '2026-02-30',
      '2026-13-01',
      '2026-1-1',
      'yesterday',
      '',
      20_000,
    ],
  },
  "DateTime64(6, 'UTC')": time,
  "Nullable(DateTime64(6, 'UTC'))": nullableOf(time),
  'Decimal(18, 6)': money,
  'Nullable(Decimal(18, 6))': nullableOf(money),
  Float64: float,
  'Nullable(Float64)': nullableOf(float),
  'Map(LowCardinality(String), Float64)': {
    values: fc.dictionary(text, double, { maxKeys: 4 }),
    want: (map: Record<string, number>) =>
      Object.fromEntries(Object.entries(map).map(([key, value]) => [utf8(key), value])),
    refused: [null, 'a', 7, { a: null }, { a: '1' }, { a: Number.NaN }],
  },
  'Map(LowCardinality(String), String)': {
    values: fc.dictionary(text, text, { maxKeys: 4 }),
    want: (map: Record<string, string>) =>
      Object.fromEntries(Object.entries(map).map(([key, value]) => [utf8(key), utf8(value)])),
    refused: [null, 'a', 7, { a: null }, { a: 1 }],
  },
  'Array(LowCardinality(String))': {
    values: fc.array(text, { maxLength: 4 }),
    want: (list: string[]) => list.map(utf8),
    refused: [null, 'a', { 0: 'a' }, [null], ['a', 7]],
  },
  "Array(DateTime64(6, 'UTC'))": {
    values: fc.array(time.values, { maxLength: 4 }),
    read: column => `arrayMap(t -> ${micros('t')}, ${column})`,
    refused: [null, 7, [null], ['2026-01-01'], [FIRST_MICROS - 1]],
  },
}

export const TYPES = Object.keys(SAMPLES) as ColumnType[]

/** One column of every type, in the order of `TYPES`. */
export const COLUMNS: readonly ColumnSpec[] = TYPES.map((type, i) => ({ name: `c${i}`, type }))
