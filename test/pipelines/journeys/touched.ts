import fc from 'fast-check'
import { byTime, type Touched } from '../../../pipelines/journeys/model/touches.ts'
import { noon } from '../facts.ts'

const DAY = 86_400_000_000

/** A session from one channel, so many days after noon of 2026-01-15. */
export function touched(channel: string, days: number, more: Partial<Touched> = {}): Touched {
  const started_at = noon() + Math.round(days * DAY)
  const bought = (more.purchases ?? 0) > 0
  return {
    connector: 'ga4',
    session_key: `anna.${days}`,
    part: 0,
    date: new Date(started_at / 1000).toISOString().slice(0, 10),
    started_at,
    source: channel.toLowerCase(),
    medium: 'referral',
    campaign: null,
    channel,
    platform: null,
    campaign_id: null,
    ad_id: null,
    purchases: 0,
    value_micros: bought ? 0 : null,
    currency: bought ? 'EUR' : null,
    converted_at: bought ? started_at : null,
    ...more,
  }
}

/** Some sessions of a person, in order. */
export const anyTouches: fc.Arbitrary<Touched[]> = fc
  .uniqueArray(
    fc.record({
      days: fc.integer({ min: 0, max: 300 }),
      channel: fc.constantFrom('A', 'B', 'Direct'),
      purchases: fc.constantFrom(0, 0, 0, 1, 2),
      value: fc.option(fc.nat(1_000_000_000)),
    }),
    { selector: ({ days }) => days, maxLength: 12 },
  )
  .map(all =>
    all
      .map(({ days, channel, purchases, value }) =>
        touched(channel, days, { purchases, value_micros: purchases > 0 ? value : null }),
      )
      .sort(byTime),
  )
