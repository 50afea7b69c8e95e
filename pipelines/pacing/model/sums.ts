import { type Prepared, type SumOptions, sumAhead } from '../../forecast/model/month-end/month-end.ts'

/** What coming days are expected to add up to, and the lower 95 % bound of it; null: not known. */
export interface Sum {
  readonly mean: number | null
  readonly lower: number | null
}

/**
 * Sums of the next 1, 2 … days, each as `sumAhead` has it. Bounds end with a quarter: beyond it a day more costs an addition,
 * and not a sum of all days before it.
 * @param prepared anything but a series: there is no forecast
 * @param optionsOf of the sum of h days
 */
export function sumsAhead(
  prepared: Prepared | string,
  days: number,
  optionsOf: (h: number) => SumOptions = () => ({}),
): Sum[] {
  if (typeof prepared === 'string') return Array.from({ length: days }, () => ({ mean: null, lower: null }))
  const { window, levels } = prepared
  const level = levels.after.at(-1)!
  const sums: Sum[] = []
  let weight = 0
  let hasBounds = true
  for (let h = 1; h <= days; h++) {
    weight += window.index(window.y.length + h - 1)
    const lower: number | null = hasBounds ? sumAhead(prepared, h, optionsOf(h)).lower : null
    hasBounds = lower !== null
    sums.push({ mean: level * weight, lower })
  }
  return sums
}

/**
 * How much more the first of these days, which have not closed, have brought than is forecast of them: a day brings what is
 * forecast or, where that is more, what is known of it.
 * @param open what is known of each
 */
export const surplus = (sums: readonly Sum[], open: readonly number[]): number =>
  open.reduce((more, known, i) => {
    const [upTo, before] = [sums[i]?.mean ?? null, i === 0 ? 0 : (sums[i - 1]?.mean ?? null)]
    return upTo === null || before === null ? more : more + Math.max(0, known - (upTo - before))
  }, 0)

/** Sums of coming days with what is known of the first of them. Of those alone it is a lower bound where nothing is forecast. */
export function withOpen(sums: readonly Sum[], open: readonly number[]): Sum[] {
  let known = 0
  return sums.map(({ mean, lower }, i) => {
    known += open[i] ?? 0
    const more = surplus(sums, open.slice(0, i + 1))
    const least = i < open.length ? known : null
    return {
      mean: mean === null ? null : mean + more,
      lower: lower === null ? least : Math.max(known, lower + more),
    }
  })
}
