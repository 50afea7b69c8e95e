import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { addDays } from '../../engine/clock/days.ts'
import { truth } from '../../plugins/simulator/world/truth/index.ts'

/** Days of one metric, the oldest first. */
export interface DailySeries {
  readonly name: string
  readonly days: readonly number[]
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
 * Sixty-nine days of a real shop: its counts and revenue, and the sessions of its largest sources.
 * @param folder `ga4/real_export_derived` of the real inputs
 * @returns none where they are absent
 */
export function real(folder: string): DailySeries[] {
  const funnel = join(folder, 'daily_funnel.csv')
  const sources = join(folder, 'daily_source_medium.csv.gz')
  if (!existsSync(funnel) || !existsSync(sources)) return []
  const [names, ...rows] = rowsOf(readFileSync(funnel, 'utf8'))
  const counts = names!.slice(1).map((name, k) => ({ name, days: rows.map(row => Number(row[k + 1])) }))
  const dates = rows.map(row => row[0]!)
  const sessions = new Map<string, number[]>()
  for (const row of rowsOf(gunzipSync(readFileSync(sources)).toString()).slice(1)) {
    const at = dates.indexOf(row[0]!)
    const name = `sessions of ${row[1]} / ${row[2]}`
    const series = sessions.get(name) ?? new Array<number>(dates.length).fill(0)
    if (at !== -1) series[at]! += Number(row[3])
    sessions.set(name, series)
  }
  const largest = [...sessions]
    .map(([name, days]) => ({ name, days }))
    .sort((a, b) => sum(b.days) - sum(a.days))
    .slice(0, 10)
  return [...counts, ...largest]
}

const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map(line => line.split(','))

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)
