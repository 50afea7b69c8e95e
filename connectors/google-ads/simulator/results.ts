import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import { geoTargets } from './countries.ts'
import { NOTHING, sumOf } from './figures.ts'
import type { Query } from './gaql/parse.ts'
import { matches, type ResultRow, sorted } from './gaql/row.ts'
import { eventFlat } from './history.ts'
import {
  adFlat,
  adsetFlat,
  budgetFlat,
  campaignFlat,
  customerFlat,
  customerName,
  type Flat,
} from './objects.ts'
import type { GoogleAdsPlatform } from './platform.ts'
import { daysOf, FiguresRow, rowsOf } from './reading.ts'
import type { AccountNode, AdNode, AdsetNode, CampaignNode } from './tree.ts'
import { uploadsFlat } from './uploads.ts'
import { ageUnits, countryUnits, genderUnits, groupsOf } from './views.ts'

/** The rows of a query, filtered, in order, cut at its limit. */
export function resultOf(platform: GoogleAdsPlatform, node: AccountNode, query: Query): readonly ResultRow[] {
  const conditions = query.where.filter(c => c.field !== 'segments.date')
  const rows = [...all(platform, node, query)].filter(row => matches(row, conditions))
  const ordered = sorted(rows, query.orderBy)
  return query.limit === null ? ordered : ordered.slice(0, query.limit)
}

const plain = (...parts: readonly Flat[]): ResultRow => new FiguresRow(parts, null, NOTHING)

function* all(platform: GoogleAdsPlatform, node: AccountNode, query: Query): Generator<ResultRow> {
  const { written, options } = platform
  const asOf = platform.asOf()
  const customer = customerFlat(node)
  const days = daysOf(query, options.world.firstDay, node.account.zone, asOf)
  const figuresOf = (ads: readonly string[]) => (day: string) => together(platform, ads, day, asOf)
  const known = new Map<object, Flat>()
  const once = (thing: object, prefix: string, make: () => Flat): Flat => {
    let flat = known.get(thing)
    if (flat === undefined) {
      flat = written.read(prefix, make())
      known.set(thing, flat)
    }
    return flat
  }
  const campaign = (c: CampaignNode) => once(c, 'campaign', () => campaignFlat(c))
  const budget = (c: CampaignNode) => once(c.budget, 'campaign_budget', () => budgetFlat(c.budget))
  const adset = (s: AdsetNode) => once(s, 'ad_group', () => adsetFlat(s))
  const ad = (a: AdNode) => once(a, 'ad_group_ad', () => adFlat(a))
  const adsets = node.campaigns.flatMap(c => c.adsets)

  switch (query.from) {
    case 'customer':
      yield* rowsOf(query, [customer], days, figuresOf(node.campaigns.flatMap(c => c.adIds)))
      return
    case 'campaign':
      for (const c of node.campaigns)
        yield* rowsOf(query, [campaign(c), budget(c), customer], days, figuresOf(c.adIds))
      return
    case 'campaign_budget':
      for (const b of node.budgets)
        yield plain(
          once(b, 'campaign_budget', () => budgetFlat(b)),
          customer,
        )
      return
    case 'ad_group':
      for (const s of adsets)
        yield* rowsOf(
          query,
          [adset(s), campaign(s.campaign), customer],
          days,
          figuresOf(s.ads.map(a => a.ad.id)),
        )
      return
    case 'ad_group_ad':
      for (const a of adsets.flatMap(s => s.ads))
        yield* rowsOf(
          query,
          [ad(a), adset(a.adset), campaign(a.adset.campaign), customer],
          days,
          figuresOf([a.ad.id]),
        )
      return
    case 'age_range_view':
    case 'gender_view':
    case 'geographic_view': {
      const groups = groupsOf(options.world, asOf)
      for (const c of node.campaigns) {
        const units =
          query.from === 'geographic_view'
            ? countryUnits(c, groups, days)
            : (query.from === 'gender_view' ? genderUnits : ageUnits)(c, groups)
        for (const { own, adset: s, on } of units)
          yield* rowsOf(query, [...own, ...(s ? [adset(s)] : []), campaign(c), customer], days, on)
      }
      return
    }
    case 'geo_target_constant':
      for (const [country, id] of geoTargets())
        yield plain({
          'geo_target_constant.resource_name': `geoTargetConstants/${id}`,
          'geo_target_constant.id': id,
          'geo_target_constant.name': country,
          'geo_target_constant.country_code': country,
          'geo_target_constant.target_type': 'Country',
          'geo_target_constant.status': 'ENABLED',
        })
      return
    case 'change_event':
      for (const event of platform.events(node)) yield plain(eventFlat(node, event), customer)
      return
    case 'offline_conversion_upload_client_summary':
      yield plain(uploadsFlat(node, asOf), customer)
      return
    case 'customer_client':
      yield plain(clientFlat(node.account.id, node, 0), customer)
  }
}

/** An account below another (or itself, at level 0). */
export const clientFlat = (of: string, client: AccountNode, level: number): Flat => ({
  'customer_client.resource_name': `customers/${of}/customerClients/${client.account.id}`,
  'customer_client.client_customer': customerName(client),
  'customer_client.id': client.account.id,
  'customer_client.descriptive_name': client.account.name,
  'customer_client.currency_code': client.account.currency,
  'customer_client.time_zone': client.account.zone,
  'customer_client.manager': false,
  'customer_client.level': level,
  'customer_client.status': 'ENABLED',
  'customer_client.hidden': false,
})

function together(
  { options: { world } }: GoogleAdsPlatform,
  ads: readonly string[],
  day: string,
  asOf: number,
): AdFigures | null {
  const found = ads.map(id => world.adDay('google', id, day, asOf)).filter(f => f !== null)
  return found.length === 0 ? null : sumOf(found)
}
