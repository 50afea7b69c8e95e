import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addDays, daysBetween } from '../../engine/clock/days.ts'
import { truth } from '../../plugins/simulator/world/truth/index.ts'

/** Days of one metric, the oldest first; null is not there. */
export interface DailySeries {
  readonly name: string
  readonly days: readonly (number | null)[]
}

const FIRST_DAY = '2025-01-01'

/**
 * What truly happened in simulated shops of several sizes: orders and revenue, and of each platform visits and the revenue
 * of those who came by it.
 */
export function simulated(shops: number, days: number): DailySeries[] {
  return Array.from({ length: shops }, (_, i) => {
    const peopleADay = [40, 90, 180, 400][i % 4]!
    const shop = truth({ firstDay: FIRST_DAY, seed: 100 + i, peopleADay })
    const metrics = new Map<string, number[]>()
    const add = (metric: string, at: number, amount: number) => {
      const series = metrics.get(metric) ?? new Array<number>(days).fill(0)
      series[at]! += amount
      metrics.set(metric, series)
    }
    for (let at = 0; at < days; at++) {
      const day = addDays(FIRST_DAY, at)
      const { all, campaigns } = shop.day(day)
      add('orders', at, all.orders)
      add('revenue', at, all.revenueMicros / 1e6)
      for (const { platform, visits, touched } of campaigns) {
        add(`visits by ${platform}`, at, visits)
        add(`revenue with ${platform}`, at, touched.revenueMicros / 1e6)
      }
    }
    return [...metrics].map(([metric, series]) => ({
      name: `${metric}, ${peopleADay} people a day, seed ${100 + i}`,
      days: series,
    }))
  }).flat()
}

/**
 * Days of a real shop, from November to January: its counts and revenue. Of its 92 days 23 are not there.
 * @param folder `ga4/real_export_derived` of the real inputs
 * @returns none where they are absent
 */
export function realShop(folder: string): DailySeries[] {
  const path = join(folder, 'daily_funnel.csv')
  if (!existsSync(path)) return []
  const [names, ...rows] = rowsOf(readFileSync(path, 'utf8'))
  const iso = (day: string) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`
  return names!
    .slice(1)
    .map((name, k) => ({ name, days: placed(rows.map(row => [iso(row[0]!), Number(row[k + 1])])) }))
}

/** Series of a CSV file with the columns series, date (YYYY-MM-DD) and value, by date. */
export function fromFile(path: string): DailySeries[] {
  const bySeries = new Map<string, [string, number][]>()
  for (const [name, day, value] of rowsOf(readFileSync(path, 'utf8')).slice(1))
    bySeries.set(name!, [...(bySeries.get(name!) ?? []), [day!, Number(value)]])
  return [...bySeries].map(([name, rows]) => ({ name, days: placed(rows) }))
}

function placed(rows: readonly (readonly [day: string, value: number])[]): (number | null)[] {
  const first = rows[0]![0]
  const days = new Array<number | null>(daysBetween(first, rows.at(-1)![0]) + 1).fill(null)
  for (const [day, value] of rows) days[daysBetween(first, day)] = value
  return days
}

const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map(line => line.split(','))
