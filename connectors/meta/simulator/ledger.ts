import type { AdChangeRecord } from '../../../plugins/records/ad-change.ts'
import type { AdDemographicRecord } from '../../../plugins/records/ad-demographic.ts'
import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'
import type { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import { addDays, daysBetween } from '../../../plugins/sync/days.ts'
import { creditOf } from './action-stats.ts'
import { activitiesOf } from './activities.ts'
import { EVENT_NAMES, eventsIn, KEY_NAMES, pixelIdOf, scoreOf, withKey } from './quality.ts'
import type { Parts } from './routes.ts'
import type { Node } from './store.ts'
import { unitOf } from './units.ts'

type Days = { readonly from: string; readonly to: string }
type Figures = Pick<
  AdReportRecord,
  'impressions' | 'clicks' | 'spend_micros' | 'revenue_micros' | 'conversions_micros'
>

/**
 * What is true of the simulated Meta: what a connector should come to that has read all there is. Written down from
 * the world, without going through the API. When it was read (`as_of`) and whether it is settled are left out.
 */
export class MetaLedger {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** @param windows that conversions are credited by; none: all of them */
  adReports(
    { from, to }: Days,
    windows: readonly string[] = [],
  ): Omit<AdReportRecord, 'as_of' | 'settled'>[] {
    const { store, asOf } = this.#parts
    return store.accounts.flatMap(account =>
      days(from, to).flatMap(date =>
        [...store.level(account, 'ad')].flatMap(({ campaign, adset, ad }) => {
          const figures = store.world.adDay('meta', ad!.id, date, asOf())
          if (figures === null || figures.impressions === 0) return []
          return {
            platform: 'meta' as const,
            date,
            account_id: account.id,
            campaign_id: campaign.id,
            adset_id: adset!.id,
            ad_id: ad!.id,
            ...figuresOf(figures, windows),
            currency: account.currency,
            reach: figures.reach,
          }
        }),
      ),
    )
  }

  /** By age and gender, and by country. */
  demographics({ from, to }: Days): Omit<AdDemographicRecord, 'as_of' | 'settled'>[] {
    const { store, asOf } = this.#parts
    return store.accounts.flatMap(account =>
      account.campaigns.flatMap(campaign =>
        days(from, to).flatMap(date => {
          const groups = store.world.demographics('meta', campaign.id, date, asOf())
          const common = { platform: 'meta' as const, date, account_id: account.id, campaign_id: campaign.id }
          const people = totals(groups, ({ age, gender }) => ({ age, gender, country: null }))
          const places = totals(groups, ({ country }) => ({ age: null, gender: null, country }))
          return [...people, ...places].map(({ by, figures }) => ({
            ...common,
            ...by,
            ...figuresOf(figures, []),
            currency: account.currency,
          }))
        }),
      ),
    )
  }

  /** Campaigns, ad sets and ads with budget and bid in micros, as they are in force. */
  entities(): Pick<
    AdEntityRecord,
    'level' | 'campaign_id' | 'adset_id' | 'ad_id' | 'name' | 'status' | 'budget_micros' | 'bid_micros'
  >[] {
    const { store } = this.#parts
    return store.accounts.flatMap(account =>
      (['campaign', 'adset', 'ad'] as const).flatMap(level =>
        [...store.level(account, level)].map(node => entityOf(node, store.inForce(node))),
      ),
    )
  }

  changes(): Omit<AdChangeRecord, 'change_id'>[] {
    const { store, now } = this.#parts
    return store.accounts.flatMap(account =>
      activitiesOf(account, store, now()).map(({ at, type, level, id, before, after, actor, app }) => {
        const shown = (value: unknown) => {
          if (value === null) return null
          return /_budget$/.test(type) ? String(Number(value) / unitOf(account.currency)) : String(value)
        }
        return {
          platform: 'meta' as const,
          changed_at: at,
          account_id: account.id,
          entity: level,
          entity_id: id,
          field: type,
          old_value: shown(before),
          new_value: shown(after),
          actor,
          client: app,
        }
      }),
    )
  }

  /** Of every pixel and event, from one hour (included) to another. Hours since 1970. */
  matchQuality(fromHour: number, toHour: number) {
    const { store } = this.#parts
    const { seed } = store.world
    return store.accounts.flatMap(({ id }) =>
      EVENT_NAMES.map(event_name => {
        const pixel_id = pixelIdOf(id)
        const sum = (of: (hour: number) => number) => {
          let all = 0
          for (let hour = fromHour; hour < toHour; hour++) all += of(hour)
          return all
        }
        const events = sum(hour => eventsIn(seed, pixel_id, event_name, hour))
        const keys = KEY_NAMES.map(
          key => [key, sum(hour => withKey(seed, pixel_id, event_name, key, hour))] as const,
        )
        const coverage = Object.fromEntries(keys.map(([key, n]) => [key, n / events]))
        return {
          account_id: id,
          pixel_id,
          event_name,
          score: scoreOf(seed, pixel_id, event_name),
          events,
          coverage,
        }
      }),
    )
  }
}

const days = (from: string, to: string): string[] =>
  Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => addDays(from, n))

function figuresOf(figures: AdFigures, windows: readonly string[]): Figures {
  const credited = (total: number) =>
    windows.length === 0 ? total : windows.reduce((sum, window) => sum + creditOf(total, window), 0)
  return {
    impressions: figures.impressions,
    clicks: figures.clicks,
    spend_micros: figures.spendMicros,
    revenue_micros: figures.conversionsMicros > 0 ? credited(figures.revenueMicros) : 0,
    conversions_micros: credited(figures.conversionsMicros),
  }
}

function totals<T extends AdFigures, B extends object>(
  groups: readonly T[],
  byOf: (group: T) => B,
): { by: B; figures: AdFigures }[] {
  const found = new Map<string, { by: B; figures: AdFigures }>()
  for (const group of groups) {
    const by = byOf(group)
    const key = JSON.stringify(by)
    const before = found.get(key)?.figures
    const add = (name: keyof AdFigures) => (before?.[name] ?? 0) + group[name]
    found.set(key, {
      by,
      figures: {
        impressions: add('impressions'),
        clicks: add('clicks'),
        spendMicros: add('spendMicros'),
        conversionsMicros: add('conversionsMicros'),
        revenueMicros: add('revenueMicros'),
        reach: add('reach'),
      },
    })
  }
  return [...found.values()].filter(({ figures }) => figures.impressions > 0)
}

function entityOf({ level, campaign, adset, ad }: Node, stored: ReturnType<Parts['store']['inForce']>) {
  const { name, status, daily_budget, bid_amount } = stored
  return {
    level,
    campaign_id: campaign.id,
    adset_id: adset?.id ?? null,
    ad_id: ad?.id ?? null,
    name,
    status:
      status === 'ACTIVE' || status === 'PAUSED' ? (status as 'ACTIVE' | 'PAUSED') : ('REMOVED' as const),
    budget_micros: daily_budget,
    bid_micros: bid_amount,
  }
}
