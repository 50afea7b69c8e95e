import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import { addDays, daysBetween } from '../../../plugins/sync/days.ts'
import { actionsOf } from './action-stats.ts'
import { passes } from './filters.ts'
import type { InsightsQuery } from './insights-query.ts'
import type { RowAt } from './page.ts'
import type { Shown } from './shown.ts'
import { goalOf, OBJECTIVES } from './shown.ts'
import type { Level, Node, Store } from './store.ts'
import { major } from './units.ts'

/** Who rows are about: an object, or the account. */
type Subject = Node | null

/**
 * The rows of a report from a place on, made as they are asked for. A place is `range.subject.group`; what did not
 * deliver has no row.
 */
export function* insightRows(query: InsightsQuery, store: Store, place: string | null): Generator<RowAt> {
  const [fromRange = 0, fromSubject = 0, fromGroup = 0] = place === null ? [] : place.split('.').map(Number)
  const subjects = subjectsOf(query, store)
  for (let r = fromRange; r < query.ranges.length; r++)
    for (let s = r === fromRange ? fromSubject : 0; s < subjects.length; s++) {
      const groups = groupsOf(query, store, subjects[s]!, query.ranges[r]!)
      const first = r === fromRange && s === fromSubject ? fromGroup : 0
      for (let g = first; g < groups.length; g++)
        yield { at: `${r}.${s}.${g}`, row: rowOf(query, store, subjects[s]!, query.ranges[r]!, groups[g]!) }
    }
}

function subjectsOf({ account, node, level, filters }: InsightsQuery, store: Store): Subject[] {
  if (level === 'account') return [null]
  return [...store.level(account, level)].filter(
    one => (node === null || isWithin(one, node)) && passes(one, filters, store),
  )
}

const isWithin = (one: Node, { level, id }: Node): boolean =>
  (level === 'campaign' ? one.campaign.id : level === 'adset' ? one.adset?.id : one.ad?.id) === id

interface Group {
  readonly figures: AdFigures
  /** `{age, gender}`, `{country}`; empty without a breakdown. */
  readonly by: Shown
}

type Range = InsightsQuery['ranges'][number]

function groupsOf(query: InsightsQuery, store: Store, subject: Subject, range: Range): Group[] {
  const { breakdowns, account, asOf } = query
  const found = new Map<string, Group>()
  const add = (by: Shown, figures: AdFigures) => {
    const key = JSON.stringify(by)
    const known = found.get(key)
    found.set(key, { by, figures: known === undefined ? figures : sum(known.figures, figures) })
  }
  for (const day of daysIn(range)) {
    if (breakdowns.length === 0) {
      for (const ad of adsOf(subject, query))
        for (const figures of [store.world.adDay('meta', ad, day, asOf)])
          if (figures !== null) add({}, figures)
      continue
    }
    const campaigns = subject === null ? account.campaigns : [subject.campaign]
    for (const campaign of campaigns)
      for (const group of store.world.demographics('meta', campaign.id, day, asOf)) {
        const { age, gender, country } = group
        const all: Shown = { age, gender, country }
        add(Object.fromEntries(breakdowns.map(name => [name, all[name]])), group)
      }
  }
  return [...found.values()].filter(({ figures }) => figures.impressions > 0)
}

/** Ads that figures are summed over. */
function adsOf(subject: Subject, { account }: InsightsQuery): string[] {
  if (subject?.ad) return [subject.ad.id]
  const adsets = subject?.adset
    ? [subject.adset]
    : subject
      ? subject.campaign.adsets
      : account.campaigns.flatMap(campaign => campaign.adsets)
  return adsets.flatMap(adset => adset.ads.map(ad => ad.id))
}

const daysIn = ({ since, until }: Range): string[] =>
  Array.from({ length: daysBetween(since, until) + 1 }, (_, n) => addDays(since, n))

const sum = (a: AdFigures, b: AdFigures): AdFigures => ({
  impressions: a.impressions + b.impressions,
  clicks: a.clicks + b.clicks,
  spendMicros: a.spendMicros + b.spendMicros,
  conversionsMicros: a.conversionsMicros + b.conversionsMicros,
  revenueMicros: a.revenueMicros + b.revenueMicros,
  reach: a.reach + b.reach,
})

function rowOf(
  query: InsightsQuery,
  store: Store,
  subject: Subject,
  range: Range,
  { figures, by }: Group,
): Shown {
  const whole = { ...namesOf(query, store, subject), ...numbersOf(figures, query.windows) }
  const chosen = query.fields
    .filter(name => whole[name] !== undefined)
    .map(name => [name, whole[name]] as const)
  return { ...Object.fromEntries(chosen), date_start: range.since, date_stop: range.until, ...by }
}

function namesOf({ account }: InsightsQuery, store: Store, subject: Subject): Record<string, unknown> {
  const of = { account_id: account.id, account_name: account.name, account_currency: account.currency }
  if (subject === null) return of
  const names: Record<string, unknown> = { ...of, buying_type: 'AUCTION' }
  for (const level of ['campaign', 'adset', 'ad'] as const satisfies readonly Level[]) {
    const id = subject[level]?.id
    const node = id === undefined ? undefined : store.node(id)
    if (node === undefined) continue
    names[`${level}_id`] = id
    names[`${level}_name`] = store.read(node).name
  }
  const { campaign, adset } = subject
  names.objective = OBJECTIVES[campaign.objective]
  if (adset !== null) names.optimization_goal = goalOf(campaign)
  return names
}

/** Nearly all numbers are text. What did not happen has no key. */
function numbersOf(figures: AdFigures, windows: readonly string[]): Record<string, unknown> {
  const { impressions, clicks, spendMicros, reach } = figures
  const spend = spendMicros / 1_000_000
  return {
    impressions: String(impressions),
    reach: String(reach),
    frequency: reach > 0 ? ratio(impressions / reach) : undefined,
    clicks: String(clicks),
    inline_link_clicks: clicks > 0 ? String(Math.floor(clicks * 0.8)) : undefined,
    spend: major(spendMicros),
    cpc: clicks > 0 ? ratio(spend / clicks) : undefined,
    cpm: ratio((spend / impressions) * 1000),
    ctr: ratio((clicks / impressions) * 100),
    ...actionsOf(figures, windows),
  }
}

const ratio = (value: number): string => String(Number(value.toFixed(6)))
