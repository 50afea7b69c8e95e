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
