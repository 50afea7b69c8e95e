import type { Warehouse } from '../../engine/store/warehouse.ts'
import { isOfPeriods, MEASURES, METRICS, type Measure, type MeasureName, type Metric } from './catalogue.ts'
import { addDays, changePct, type Figure, figure, previousPeriod, type Sums } from './model.ts'

export interface KpiQuestion {
  readonly tenant: string
  /** Days, both inside; null: the last 30 that have data. */
  readonly from: string | null
  readonly to: string | null
  readonly platform: string | null
  readonly currency: string | null
}

export interface Kpi {
  readonly metric: Metric
  readonly now: Figure
  readonly previous: Figure
  readonly changePct: number | null
}

export interface KpiAnswer {
  readonly period: { readonly from: string; readonly to: string; readonly days: number } | null
  readonly previous: { readonly from: string; readonly to: string } | null
  readonly kpis: readonly Kpi[]
  /** Event time up to which each side of the data reaches, UTC micros; null: there is none. */
  readonly watermarks: { readonly ads: number | null; readonly site: number | null }
  readonly warnings: readonly string[]
}

const DEFAULT_DAYS = 30
const VIEWS = ['ad_metrics_daily_current', 'funnel_daily'] as const

/** The KPIs of a period beside those of the equal period before it. */
export async function kpis(
  warehouse: Warehouse,
  database: string,
  question: KpiQuestion,
): Promise<KpiAnswer> {
  const { tenant, platform } = question
  const ask = <T>(sql: string, params: Record<string, unknown>) =>
    warehouse.query<T>(sql, { tenant, ...params }, { readonly: true })
  const [reach] = await ask<{
    ad_day: string | null
    site_day: string | null
    ads: number | null
    site: number | null
  }>(
    `SELECT toString(a.day) AS ad_day, toString(f.day) AS site_day, a.at AS ads, e.at AS site FROM
      (SELECT maxOrNull(date) AS day, toUnixTimestamp64Micro(maxOrNull(as_of)) AS at FROM ${database}.ad_metrics_daily WHERE tenant_id = {tenant:String}) AS a,
      (SELECT maxOrNull(date) AS day FROM ${database}.funnel_daily_parts WHERE tenant_id = {tenant:String}) AS f,
      (SELECT toUnixTimestamp64Micro(maxOrNull(event_time)) AS at FROM ${database}.events WHERE tenant_id = {tenant:String}) AS e`,
    {},
  )
  const watermarks = { ads: reach?.ads ?? null, site: reach?.site ?? null }
  const last =
    [reach?.ad_day, reach?.site_day]
      .filter(day => day != null)
      .sort()
      .at(-1) ?? null
  const to = question.to ?? (question.from === null ? last : addDays(question.from, DEFAULT_DAYS - 1))
  if (to === null) return { period: null, previous: null, kpis: [], watermarks, warnings: ['NO_DATA'] }
  const from = question.from ?? addDays(to, 1 - DEFAULT_DAYS)
  const before = previousPeriod(from, to)
  const rows: SumRow[] = []
  for (const view of VIEWS) {
    // Which platform brought a visitor is for attribution to say: what happens on the site has no platform yet.
    if (platform !== null && view === 'funnel_daily') continue
    const params = { start: before.from, from, to, platform, currency: question.currency }
    rows.push(...(await ask<SumRow>(sumsOf(view, database, question), params)))
  }
  const now = gather(rows.filter(row => Number(row.asked) === 1))
  const then = gather(rows.filter(row => Number(row.asked) === 0))
  const found = METRICS.filter(isOfPeriods).map(metric => {
    const [a, b] = [figure(metric, now), figure(metric, then)]
    const comparable = a.currency === b.currency
    return { metric, now: a, previous: b, changePct: comparable ? changePct(a.value, b.value) : null }
  })
  const warnings = [
    ...new Set(found.flatMap(k => (k.now.because ? [k.now.because] : []))),
    ...now.partial.map(name => `PARTIAL_${name.toUpperCase()}`),
    ...(platform === null ? [] : ['SITE_FIGURES_HAVE_NO_PLATFORM']),
  ]
  return {
    period: { from, to, days: before.days },
    previous: { from: before.from, to: before.to },
    kpis: found,
    watermarks,
    warnings,
  }
}

/** `asked`: 1 for the period asked for, 0 for the one before it. */
type SumRow = { readonly currency: string; readonly asked: number } & Readonly<Record<string, unknown>>

/** SQL of the sums of one view over both periods, by period and currency. `unknown_<measure>` counts rows that do not know it. */
function sumsOf(view: Measure['view'], database: string, question: KpiQuestion): string {
  const columns = measuresOf(view).flatMap(([name, { column }]) => [
    `toFloat64(sum(v.${column})) AS ${name}`,
    `countIf(v.${column} IS NULL) AS unknown_${name}`,
  ])
  const where = ['v.tenant_id = {tenant:String}', 'v.date BETWEEN {start:Date} AND {to:Date}']
  if (question.platform !== null) where.push('v.platform = {platform:String}')
  if (question.currency !== null) where.push('v.currency = {currency:String}')
  const by = `v.date >= {from:Date} AS asked, ifNull(v.currency, '') AS currency`
  return `SELECT ${by}, ${columns.join(', ')} FROM ${database}.${view} AS v WHERE ${where.join(' AND ')} GROUP BY asked, currency`
}

const measuresOf = (view: Measure['view']) =>
  (Object.entries(MEASURES) as [MeasureName, Measure][]).filter(([, m]) => m.view === view && !m.isOfOneDay)

function gather(rows: readonly SumRow[]): Sums & { partial: string[] } {
  const byCurrency: Record<string, Partial<Record<MeasureName, number | null>>> = {}
  const partial = new Set<string>()
  const known = new Set<string>()
  for (const row of rows) {
    const sums = byCurrency[row.currency] ?? {}
    byCurrency[row.currency] = sums
    for (const name of Object.keys(MEASURES) as MeasureName[]) {
      if (!(name in row)) continue
      sums[name] = row[name] === null ? null : Number(row[name])
      if (sums[name] !== null) known.add(name)
      if (Number(row[`unknown_${name}`]) > 0) partial.add(name)
    }
  }
  return { byCurrency, partial: [...partial].filter(name => known.has(name)).sort() }
}
