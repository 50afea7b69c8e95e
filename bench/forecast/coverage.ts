import { prepare, sumAhead } from '../../pipelines/forecast/model/month-end/month-end.ts'
import { noPast, remember, settle, widthFor } from '../../pipelines/forecast/model/month-end/own-past.ts'
import { BOUNDS_DAYS, WINDOW_DAYS } from '../../pipelines/forecast/model/month-end/window.ts'
import { SHOWN_RATE } from '../../pipelines/forecast/outlook.ts'
import { type DailySeries, fromFile, realShop, simulated } from './series.ts'

/**
 * With the recipe as it is, and as the stage shows it (`wander` measured, its own past at twice the rate): how often the sum of the next 1 to 28 days was inside its nominal 95 %, every day an origin, its own past included; the
 * width and the absolute error as a share of the mean × h. Usage: coverage.js [SHOPS] [DAYS] [FILE], a CSV file with series, date
 * and value of other real series. A line a set: those with 182
 * days behind them, and those with 56 to 181 (`provisional`).
 */
const shops = Number(process.argv[2] ?? 12)
const days = Number(process.argv[3] ?? 400)
const file = process.argv[4]
const LONGEST = 28
const SHOWN = [1, 7, 14, 28]

interface Tally {
  n: number
  inside: number
  width: number
  error: number
}

const empty = (): Tally[] => Array.from({ length: LONGEST }, () => ({ n: 0, inside: 0, width: 0, error: 0 }))

function follow(
  { days }: DailySeries,
  wander: 'MIXED' | 'MEASURED',
  full: Tally[],
  provisional: Tally[],
): void {
  let past = noPast()
  const sumBefore = (end: number, h: number): number | null =>
    days
      .slice(end - h, end)
      .reduce((sum, x) => (sum === null || x === null ? null : sum + x), 0 as number | null)
  for (let known = BOUNDS_DAYS; known < days.length; known++) {
    past = settle(past, known - 1, h => sumBefore(known, h), wander === 'MIXED' ? {} : { rate: SHOWN_RATE })
    const prepared = prepare(days.slice(0, known))
    const at = (h: number) => sumAhead(prepared, h, { g: widthFor(past, h), wander })
    past = remember(past, known - 1, h => {
      const { lower, upper } = at(h)
      return lower === null || upper === null ? null : { lower, upper }
    })
    const tallies = known >= WINDOW_DAYS ? full : provisional
    for (let h = 1; h <= LONGEST && known + h <= days.length; h++) {
      const { mean, lower, upper } = at(h)
      const actual = sumBefore(known + h, h)
      if (mean === null || lower === null || upper === null || typeof prepared === 'string') continue
      if (actual === null) continue
      const scale = prepared.window.mean * h
      const tally = tallies[h - 1]!
      tally.n++
      if (actual >= lower && actual <= upper) tally.inside++
      tally.width += (upper - lower) / scale
      tally.error += Math.abs(actual - mean) / scale
    }
  }
}

function print(name: string, series: number, tallies: readonly Tally[]): void {
  const measured = tallies.filter(({ n }) => n > 0)
  if (measured.length === 0) {
    console.log(`${name}: no sum had bounds (too few days, or too many missing)`)
    return
  }
  const share = ({ inside, n }: Tally) => Number((inside / n).toFixed(3))
  const shown = SHOWN.flatMap(h => (tallies[h - 1]!.n > 0 ? [{ h, ...tallies[h - 1]! }] : []))
  const coverages = measured.map(share)
  console.log(
    JSON.stringify({
      set: name,
      series,
      sums: measured.reduce((all, { n }) => all + n, 0),
      coverage: Object.fromEntries(shown.map(tally => [tally.h, share(tally)])),
      lowest: Math.min(...coverages),
      highest: Math.max(...coverages),
      width: Object.fromEntries(shown.map(({ h, width, n }) => [h, Number((width / n).toFixed(3))])),
      error: Object.fromEntries(shown.map(({ h, error, n }) => [h, Number((error / n).toFixed(3))])),
    }),
  )
}

for (const [name, series] of [
  ['simulated shops', simulated(shops, days)],
  ['a real shop (GA4)', realShop('../shared/data/ga4/real_export_derived')],
  ['other real series', file === undefined ? [] : fromFile(file)],
] as const) {
  if (series.length === 0) {
    console.log(`${name}: not here, left out`)
    continue
  }
  for (const [variant, wander] of [
    ['the recipe', 'MIXED'],
    ['as it is shown', 'MEASURED'],
  ] as const) {
    const [full, provisional] = [empty(), empty()]
    for (const one of series) follow(one, wander, full, provisional)
    print(`${name}: ${variant}`, series.length, full)
    print(`${name}: ${variant}, provisional`, series.length, provisional)
  }
}
