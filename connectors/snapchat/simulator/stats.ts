import { fromMicros } from '../../../plugins/money/index.ts'
import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import { addDays, dayIn, startOfDay, withOffset } from '../../../plugins/sync/index.ts'
import { type AccountTree, idOf, type Node } from './account-tree.ts'
import { type Figures, HOUR_US, type Interval } from './figures.ts'
import type { ApiObject } from './objects.ts'
import type { StatsRequest } from './stats-request.ts'

const TYPES = { adaccounts: 'AD_ACCOUNT', campaigns: 'CAMPAIGN', adsquads: 'AD_SQUAD', ads: 'AD' } as const

/** Statistics in the API's shapes (platforms.md §4.2). */
export class Stats {
  readonly #tree: AccountTree
  readonly #figures: Figures

  constructor(tree: AccountTree, figures: Figures) {
    this.#tree = tree
    this.#figures = figures
  }

  /** What a breakdown lists, which pages are cut from; the entity itself without one. */
  parts(node: Node, { breakdown }: StatsRequest): Node[] {
    return breakdown ? this.#tree.under(node, breakdown.level) : [node]
  }

  /**
   * `total_stat` or `timeseries_stat` of an entity with the parts of a page.
   * @param finalUntil UTC microseconds @param shown how the platform shows a `stats` object
   */
  stat(
    node: Node,
    parts: readonly Node[],
    request: StatsRequest,
    finalUntil: number,
    shown: (stats: ApiObject) => ApiObject,
  ): ApiObject {
    const { zone } = node.account
    const head = { ...this.#head(node, request), finalized_data_end_time: withOffset(finalUntil, zone) }
    if (!request.breakdown) return { ...head, ...this.#body(node, request, shown) }
    const broken = parts.map(part => ({ ...this.#head(part, request), ...this.#body(part, request, shown) }))
    const kept = request.omitEmpty ? broken.filter(part => !isEmpty(part)) : broken
    return { ...head, breakdown_stats: { [request.breakdown.name]: kept } }
  }

  #head(node: Node, { granularity, start, end }: StatsRequest): ApiObject {
    const { zone } = node.account
    const times = isSeries(granularity)
      ? { start_time: withOffset(start, zone), end_time: withOffset(end, zone) }
      : {}
    return { id: idOf(node), type: TYPES[node.level], granularity, ...times }
  }

  #body(node: Node, request: StatsRequest, shown: (stats: ApiObject) => ApiObject): ApiObject {
    const ads = this.#tree.under(node, 'ads')
    const { zone } = node.account
    if (!isSeries(request.granularity))
      return { stats: shown(statsOf(this.#figures.total(ads, request, zone), request.fields)) }
    const all = steps(request, zone).map(({ start, day, times }) => ({
      ...times,
      stats: statsOf(
        request.granularity === 'DAY' ? this.#figures.day(ads, day) : this.#figures.hour(ads, start, zone),
        request.fields,
      ),
    }))
    const kept = request.omitEmpty ? all.filter(({ stats }) => !isZero(stats)) : all
    return { timeseries: kept.map(point => ({ ...point, stats: shown(point.stats) })) }
  }
}

export const isSeries = (granularity: string): boolean => granularity === 'DAY' || granularity === 'HOUR'

const isZero = (stats: object): boolean => Object.values(stats).every(value => value === 0)
const isEmpty = (part: ApiObject): boolean =>
  Array.isArray(part.timeseries) ? part.timeseries.length === 0 : isZero(part.stats as object)

interface Step extends Interval {
  readonly day: string
  /** As the API writes them. */
  readonly times: { readonly start_time: string; readonly end_time: string }
}

const MOST_KEPT = 50
const known = new Map<string, readonly Step[]>()

/** Campaigns are asked for by the thousand, for the same few days, and a calendar takes its time. */
function steps(request: StatsRequest, zone: string): readonly Step[] {
  const key = `${request.start} ${request.end} ${request.granularity} ${zone}`
  let found = known.get(key)
  if (!found) {
    if (known.size >= MOST_KEPT) known.clear()
    found = stepsIn(request, zone)
    known.set(key, found)
  }
  return found
}

function stepsIn({ start, end, granularity }: StatsRequest, zone: string): Step[] {
  const next = (at: number) =>
    granularity === 'DAY' ? startOfDay(addDays(dayIn(zone, at), 1), zone) : at + HOUR_US
  const found: Step[] = []
  for (let at = start; at < end; at = next(at)) {
    const times = { start_time: withOffset(at, zone), end_time: withOffset(next(at), zone) }
    found.push({ start: at, end: next(at), day: dayIn(zone, at), times })
  }
  return found
}

/** Money in micros, counts as numbers. */
function statsOf(figures: AdFigures, fields: readonly string[]): Record<string, number> {
  const conversions = Number(fromMicros(figures.conversionsMicros))
  const all: Readonly<Record<string, number>> = {
    impressions: figures.impressions,
    swipes: figures.clicks,
    spend: figures.spendMicros,
    video_views: Math.floor(figures.impressions * 0.6),
    conversion_purchases: conversions,
    conversion_purchases_value: figures.revenueMicros,
    conversion_add_cart: Math.ceil(conversions) * 3,
    uniques: figures.reach,
    frequency: figures.reach === 0 ? 0 : Math.round((figures.impressions / figures.reach) * 100) / 100,
  }
  return Object.fromEntries(fields.map(field => [field, all[field]!]))
}
