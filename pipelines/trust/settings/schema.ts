import {
  array,
  type FromSchema,
  integer,
  map,
  number,
  object,
  optional,
  string,
} from '../../../plugins/schema.ts'

/**
 * Everything of the trust engine that a tenant may set, with the defaults of product.md §4.1–4.3. What a schema cannot
 * say (weights that sum to 1, thresholds in their order) `check.ts` adds. A version counts in whoever stores them.
 */
const fraction = (standard: number, title: string) =>
  number({ minimum: 0, maximum: 1, default: standard, title })
const score = (standard: number, title: string) =>
  number({ minimum: 0, maximum: 100, default: standard, title })
/** No count that a loop runs to, nor a sum, may be without an end: settings are what anybody writes. */
const MOST = 1_000_000
const least = (standard: number, title: string, maximum = MOST) =>
  integer({ minimum: 1, maximum, default: standard, title })
const hours = (standard: number, title: string) =>
  number({ minimum: 0, maximum: MOST, default: standard, title })

/** Points of a piecewise linear curve: x rises, the score stays or falls; clamped outside. */
const curve = (standard: readonly (readonly [number, number])[], title: string) => ({
  ...array(array(number()), { title }),
  default: standard,
})
const section = { default: {} } as const

const matchQuality = object(
  {
    weights: object(
      {
        match_rate: fraction(0.3, 'Match rate'),
        coverage: fraction(0.25, 'Coverage'),
        latency: fraction(0.2, 'Latency'),
        attribution: fraction(0.15, 'Accuracy of attribution'),
        data_freshness: fraction(0.1, 'Freshness of the event stream'),
      },
      { ...section, title: 'Weights of the five drivers; they sum to 1' },
    ),
    minimum_weight: fraction(0.6, 'Weight of known drivers below which there is no match quality'),
    platform_score_hours: hours(72, "How long a platform's own score holds"),
    minimum_events: least(30, 'Events of a name below which its match rate is unknown'),
    event_weights: map(number({ minimum: 0, maximum: 1000 }), {
      default: { Purchase: 5, Lead: 4, Subscribe: 4, InitiateCheckout: 3, AddToCart: 2 },
      title: 'Weights of event names; others have 1',
    }),
    // The tiers are ours (High 3, Medium 2, Low 1 over Meta's priorities, platforms.md §8.1); Meta's formula is not public.
    key_weights: map(number({ minimum: 0, maximum: 1000 }), {
      default: {
        ...{ email: 3, click_id: 3 },
        ...{ phone: 2, external_id: 2, browser_id: 2, country: 2, birth_date: 2, login_id: 2 },
        ...{ first_name: 1, last_name: 1, city: 1, zip: 1, lead_id: 1 },
      },
      title: 'Weights of match keys in the estimate where a platform gives no score',
    }),
    server_twin_goal: number({
      minimum: 0.01,
      maximum: 1,
      default: 0.75,
      title: 'Share of browser events with a server twin that is full coverage',
    }),
    latency: curve(
      [
        [0.083, 100],
        [1, 90],
        [4, 70],
        [12, 40],
        [24, 0],
      ],
      'Score of the p90 of hours from event to acceptance',
    ),
    latency_minimum_events: least(20, 'Events below which latency is unknown'),
    attribution: curve(
      [
        [0.1, 100],
        [0.3, 70],
        [0.5, 30],
        [0.7, 0],
      ],
      'Score of |P−G| ÷ max(P, G) of conversions',
    ),
    data_freshness: curve(
      [
        [1, 100],
        [4, 0],
      ],
      'Score of the age of the last conversion ÷ the gap that is usual',
    ),
    minimum_gap_minutes: number({
      minimum: 1,
      maximum: MOST,
      default: 15,
      title: 'Least gap between conversions that counts as usual',
    }),
    history_days: least(14, 'Days of history below which the usual gap is unknown'),
  },
  { ...section, title: 'Match quality (EMQ)' },
)

const limits = (title: string) =>
  optional(
    object(
      {
        fresh_hours: number({ minimum: 0, maximum: MOST }),
        stale_hours: number({ minimum: 0, maximum: MOST }),
      },
      { title },
    ),
  )

const freshness = object(
  {
    profile: string({
      enum: ['standard', 'streaming'],
      default: 'standard',
      title: 'Limits of sources that `sources` does not name: 24/48 h, or those of a streaming set-up',
    }),
    sources: object(
      {
        spend: limits('Spend report'),
        conversions: limits('Conversion report'),
        ga4: limits('Google Analytics 4'),
        capi: limits('Conversions sent to the platform'),
      },
      { ...section, title: 'Age in hours up to which a source is fresh, and from which it is stale' },
    ),
    skew_minutes: number({
      minimum: 0,
      maximum: MOST,
      default: 5,
      title: 'How far ahead of us a watermark may be',
    }),
    invalid_hours: hours(1, 'How far ahead of us a watermark makes its source invalid'),
  },
  { ...section, title: 'Freshness' },
)

const variance = object(
  {
    level: curve(
      [
        [0.1, 100],
        [0.35, 70],
        [0.7, 20],
        [1.1, 0],
      ],
      'Score of |ln(P ÷ G)| of revenue',
    ),
    drift: curve(
      [
        [1.5, 100],
        [3, 60],
        [5, 0],
      ],
      'Score of the distance from the baseline in its own spread',
    ),
    minimum_spread: number({
      minimum: 0.001,
      maximum: 100,
      default: 0.05,
      title: 'Least spread of the baseline',
    }),
    baseline_days: least(28, 'Days of the baseline', 90),
    minimum_baseline_days: least(14, 'Days of baseline below which drift is not judged', 90),
  },
  { ...section, title: 'Variance of platform against GA4' },
)

/** Metrics whose anomalies count. */
export const WATCHED = ['spend', 'conversions', 'cpa', 'roas'] as const

const anomaly = object(
  {
    metrics: { ...array(string({ enum: WATCHED }), { title: 'Metrics that count' }), default: WATCHED },
    score: curve(
      [
        [2, 100],
        [3.5, 50],
        [6, 0],
      ],
      'Score of |z|',
    ),
    minimum_samples: least(48, 'Values below which a metric is warming up'),
    minimum_days: least(14, 'Days below which a metric is warming up'),
    minimum_conversions: least(10, 'Conversions below which CPA and ROAS are left out'),
  },
  { ...section, title: 'Anomalies' },
)

const composite = object(
  {
    weights: object(
      {
        emq: fraction(0.4, 'Match quality'),
        freshness: fraction(0.25, 'Freshness'),
        variance: fraction(0.2, 'Variance'),
        anomaly: fraction(0.15, 'Anomaly'),
      },
      { ...section, title: 'Weights of the four components; they sum to 1' },
    ),
    pass: score(70, 'Score from which the gate may pass (HEALTHY)'),
    hold: score(40, 'Score from which it holds and does not block (DEGRADED)'),
  },
  { ...section, title: 'The composite score' },
)

const caps = object(
  {
    component_hold: score(40, 'A component below it: at most HOLD'),
    emq_block: score(10, 'Match quality below it blocks what raises risk'),
    no_variance_margin: score(5, 'Added to the threshold of what raises risk where variance is unknown'),
    stale_minutes: number({
      minimum: 1,
      maximum: MOST,
      default: 15,
      title: 'Without an evaluation for so long: at most HOLD',
    }),
  },
  { ...section, title: 'Caps: what holds whatever the score is' },
)

const hysteresis = object(
  {
    minutes: number({
      minimum: 0,
      maximum: MOST,
      default: 30,
      title: 'How long it must be better before the gate opens',
    }),
    evaluations: least(6, 'Evaluations in a row that must be better'),
    margin: score(3, 'How far above the threshold they must be'),
  },
  { ...section, title: 'Hysteresis: worse at once, better only after a while' },
)

export const TrustSettings = object(
  {
    match_quality: matchQuality,
    freshness,
    variance,
    anomaly,
    composite,
    caps,
    hysteresis,
    valid_minutes: number({
      minimum: 1,
      maximum: 1440,
      default: 10,
      title: 'How long a decision is valid',
    }),
  },
  { title: 'Settings of the trust engine' },
)

export type TrustSettings = FromSchema<typeof TrustSettings>
export type Points = readonly (readonly [x: number, score: number])[]
