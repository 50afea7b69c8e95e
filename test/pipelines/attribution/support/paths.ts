import fc from 'fast-check'
import { type PathRow, type Paths, pathsOf } from '../../../../pipelines/attribution/model/paths.ts'

/** `['a > b', conversions, nulls, value]`; no nulls, and a value of 10 a conversion, unless they are given. */
export type Written = readonly [path: string, conversions: number, nulls?: number, value?: number]

export function rowsOf(...rows: readonly Written[]): PathRow[] {
  return rows.map(([path, conversions, nulls = 0, value = conversions * 10]) => ({
    path: path.split(' > '),
    conversions,
    value,
    nulls,
  }))
}

export const written = (...rows: readonly Written[]): Paths => pathsOf(rowsOf(...rows))

/** Any paths of few channels: repeats, empty rows and rows that are there twice included; something converts. */
export const anyRows = (channels = 5, touches = 7): fc.Arbitrary<(PathRow & { value: number })[]> =>
  fc
    .array(
      fc.record({
        path: fc.array(fc.constantFrom(...'abcdefghij'.slice(0, channels)), {
          minLength: 1,
          maxLength: touches,
        }),
        conversions: fc.nat(9),
        nulls: fc.nat(9),
        worth: fc.nat(1_000),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map(rows => rows.map(({ worth, ...row }) => ({ ...row, value: row.conversions === 0 ? 0 : worth / 8 })))
    .filter(rows => rows.some(row => row.conversions > 0))

/** Credits by channel. */
export function byChannel<Credit extends { readonly channel: string }>(
  credits: readonly Credit[],
): Map<string, Credit> {
  return new Map(credits.map(credit => [credit.channel, credit]))
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, x) => total + x, 0)
}
