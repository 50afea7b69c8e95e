import { addDays } from '../../../engine/clock/days.ts'
import { saidFact } from '../../../pipelines/current/fact.ts'
import { matchQuality } from '../../../pipelines/match-quality/said.ts'
import { entry } from '../../../pipelines/signals/model/entry.ts'
import type { MatchQualityRecord } from '../../../plugins/records/match-quality.ts'
import { chance } from '../../../plugins/simulator/random.ts'
import { event, report, told } from '../facts.ts'
import type { Told } from '../row.ts'

const HOUR = 3_600_000_000
export const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) * 1000

export interface ShopOptions {
  readonly tenant?: string
  readonly platform?: string
  readonly seed?: number
  /** Purchases of a day. */
  readonly purchases?: number
  readonly trafficSource?: string
  readonly currency?: string
}

/** A shop that one platform brings people to: what happens in an hour, as facts. Money is EUR. */
export function shop({
  tenant = 'demo',
  platform = 'meta',
  seed = 1,
  purchases = 48,
  trafficSource = 'facebook',
  currency = 'EUR',
}: ShopOptions = {}) {
  const random = chance(seed, `${tenant} ${platform}`)
  let n = 0
  const sum: Record<string, [conversions: number, revenue: number]> = {}
  /** What truly was, whether or not the platform saw it. */
  const truth: Record<string, [conversions: number, revenue: number]> = {}

  /** Purchases of an hour; the platform learns of them, unless it is blind. */
  function hour(date: string, hour: number, { blind = false, tagDead = false } = {}): Told[] {
    const mean = purchases / 24
    const count = Math.max(0, Math.round(mean + random.between(-1, 1)))
    const day = entry(sum, date, () => [0, 0] as [number, number])
    return Array.from({ length: count }, (_, i) => {
      n++
      const all = entry(truth, date, () => [0, 0] as [number, number])
      const value = 50_000_000 + random.between(0, 20) * 1_000_000
      all[0]++
      all[1] += value * 1.2
      if (!blind) {
        day[0]++
        day[1] += value * 1.2
      }
      const at = startOf(date) + hour * HOUR + Math.round(((i + 0.5) / count) * HOUR)
      return told.event(
        event({
          tenant_id: tenant,
          event_id: `${tenant} ${platform} ${n}`,
          event_time: at,
          ingest_time: at,
          event_date: date,
          event_name: 'purchase',
          person_key: `${platform} p${n}`,
          user_key: `${platform} u${n}`,
          traffic_source: trafficSource,
          traffic_medium: 'cpc',
          transaction_id: `${platform} ${n}`,
          value_micros: value,
          currency,
        }),
      )
    }).filter(() => !tagDead)
  }

  /** What the platform reports of a day as it knows it at a time. */
  function reported(date: string, asOf: number, spend = 500_000_000): Told {
    const [conversions, revenue] = sum[date] ?? [0, 0]
    return told.report(
      report({
        tenant_id: tenant,
        event_id: `${tenant} ${platform} ${date} ${asOf}`,
        event_time: startOf(date),
        ingest_time: asOf,
        source: platform === 'google' ? 'google-ads' : platform,
        platform,
        date,
        spend_micros: spend,
        currency,
        conversions_micros: conversions * 1_000_000,
        revenue_micros: Math.round(revenue),
        as_of: asOf,
      }),
    )
  }

  /** It learns of all it had not seen of a day. */
  function found(date: string, asOf: number): Told {
    sum[date] = truth[date]!
    return reported(date, asOf)
  }

  /** The platform's own score of its purchases. */
  function quality(asOf: number, score = 8.2): Told {
    const said: MatchQualityRecord = {
      platform: platform as 'meta',
      account_id: 'act',
      pixel_id: 'p',
      event_name: 'Purchase',
      score,
      scale: 10,
      grade: null,
      events: 400,
      coverage: {},
      window_start: null,
      window_end: null,
      as_of: asOf,
    }
    return { kind: 'match_quality', value: { ...saidFact(matchQuality, said, tenant, platform, asOf) } }
  }

  /** The steps before a purchase, so that the tag is seen to send them all. */
  function steps(at: number): Told[] {
    return ['view_item', 'add_to_cart', 'begin_checkout'].map(name =>
      told.event(
        event({
          tenant_id: tenant,
          event_id: `${tenant} ${platform} ${name} ${at}`,
          event_time: at,
          ingest_time: at,
          event_name: name,
          person_key: `s${at}`,
        }),
      ),
    )
  }

  /** A whole day as it goes: hours of purchases, a report every three hours, a score a day, ticks every hour. */
  function* day(date: string, how: { blind?: boolean; tagDead?: boolean } = {}): Generator<Told[]> {
    for (let h = 0; h < 24; h++) {
      const end = startOf(date) + (h + 1) * HOUR
      const batch = [...hour(date, h, how)]
      if (h === 5) batch.push(quality(end), ...steps(end - HOUR / 2))
      if (h % 3 === 2) batch.push(reported(date, end, Math.round((500_000_000 * (h + 1)) / 24)))
      yield [...batch, told.tick(end, { tenant_id: tenant })]
    }
  }

  return { hour, reported, found, quality, steps, day }
}

export function* dates(from: string, days: number): Generator<string> {
  for (let i = 0; i < days; i++) yield addDays(from, i)
}
