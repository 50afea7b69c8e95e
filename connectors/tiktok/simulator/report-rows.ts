import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import { addDays } from '../../../plugins/sync/index.ts'
import type { Node, Row } from './entities.ts'
import { METRICS, sum } from './metrics.ts'
import type { Platform } from './platform.ts'
import type { ReportQuery } from './report-query.ts'

/** All time begins with the world. */
export function daysOf(platform: Platform, query: ReportQuery): string[] {
  const today = new Date(platform.asOf / 1000 + 86_400_000).toISOString().slice(0, 10)
  const { from, to } = query.days ?? { from: platform.world.firstDay, to: today }
  const days: string[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

/** Rows of a report, in the order of its objects (the newest first), their days, their groups. */
export function rowsOf(platform: Platform, query: ReportQuery, nodes: readonly Node[], asOf: number): Row[] {
  const days = daysOf(platform, query)
  const spans = query.isDaily ? days.map(day => [day]) : [days]
  return nodes.flatMap(node => {
    const id = query.level === 'advertiser' ? node.account.id : node.id
    return spans.flatMap(span => {
      const dimensions = {
        [`${query.level}_id`]: id,
        ...(query.isDaily ? { stat_time_day: `${span[0]} 00:00:00` } : {}),
      }
      const make = (figures: AdFigures, group: Row) => ({
        dimensions: { ...dimensions, ...group },
        metrics: metricsOf(query, query.level === 'advertiser' ? null : node, figures),
      })
      if (query.isAudience)
        return groupsOf(platform, query, node, span, asOf).map(g => make(g.figures, g.group))
      const figures = basic(platform, query, node, span, asOf)
      return figures === null ? [] : [make(figures, {})]
    })
  })
}

const metricsOf = (query: ReportQuery, node: Node | null, figures: AdFigures): Row =>
  Object.fromEntries(query.metrics.map(name => [name, METRICS[name]!({ node, figures })]))

/** Null: there is nothing of it yet. */
function basic(
  p: Platform,
  query: ReportQuery,
  node: Node,
  days: readonly string[],
  asOf: number,
): AdFigures | null {
  const own = adsUnder(p, query, node)
  const found = own
    .flatMap(ad => days.map(day => p.world.adDay('tiktok', ad, day, asOf)))
    .filter(f => f !== null)
  return found.length === 0 ? null : sum(found)
}

/** Deleted or not: an object's own figures are of all that were ever under it. */
function adsUnder({ entities }: Platform, { level }: ReportQuery, node: Node): readonly string[] {
  if (level === 'ad') return [node.id]
  const all = entities.of(node.account.id, 'ad')
  if (level === 'advertiser') return all.map(ad => ad.id)
  return all.filter(ad => (level === 'campaign' ? ad.campaign.id : ad.adset?.id) === node.id).map(ad => ad.id)
}

const GENDER = { female: 'FEMALE', male: 'MALE', unknown: 'NONE' } as const

function groupsOf(p: Platform, query: ReportQuery, node: Node, days: readonly string[], asOf: number) {
  const campaigns =
    query.level === 'campaign'
      ? [node.campaign.id]
      : p.entities.of(node.account.id, 'campaign').map(c => c.id)
  const found = new Map<string, { group: Row; figures: AdFigures }>()
  for (const id of campaigns)
    for (const day of days)
      for (const { age, gender, country, ...figures } of p.world.demographics('tiktok', id, day, asOf)) {
        const all: Row = { gender: GENDER[gender], age: ageCode(age), country_code: country }
        const group = Object.fromEntries(query.groups.map(name => [name, all[name]]))
        const key = JSON.stringify(group)
        const before = found.get(key)
        found.set(key, { group, figures: before ? sum([before.figures, figures]) : figures })
      }
  return [...found.values()]
}

/** `25-34` is AGE_25_34, `55+` is AGE_55_100. */
function ageCode(age: string): string {
  const [, from, to] = /^(\d+)(?:-(\d+)|\+)$/.exec(age) ?? []
  return from === undefined ? 'NONE' : `AGE_${from}_${to ?? '100'}`
}
