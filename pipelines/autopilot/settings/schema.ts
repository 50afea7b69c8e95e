import {
  boolean,
  type FromSchema,
  integer,
  map,
  nullable,
  number,
  object,
  optional,
  string,
} from '../../../plugins/schema.ts'
import { PLATFORMS } from '../../signals/platform.ts'
import { THRESHOLDS } from '../model/enforcement/check.ts'
import { MODES, VIOLATION_TYPES } from '../model/enforcement/violation.ts'

/**
 * Everything of the autopilot that a tenant may set, with the defaults of product.md §4.4 and §4.5 and autopilot.md §3.
 * Names and units are those of the source document: `*_pct` is in percent, money is in major units of the account's
 * currency, `*_cents` in its minor units (of JPY these are yen). What a schema cannot say `order.ts` adds.
 */
const percent = (standard: number, maximum: number, title: string) =>
  number({ minimum: 0, maximum, default: standard, title })
/** No amount may be so large that its micros are not exact. */
const MOST_MONEY = 1e9
const money = (standard: number, title: string) =>
  number({ minimum: 0, maximum: MOST_MONEY, default: standard, title })
const ratio = (standard: number, title: string) =>
  number({ minimum: 0, maximum: 1000, default: standard, title })
const count = (standard: number, maximum: number, title: string) =>
  integer({ minimum: 1, maximum, default: standard, title })
/** Figures are kept for 40 days, of which the last three are not settled. */
const MOST_DAYS = 30
const mode = optional(string({ enum: MODES }))
const factor = (title: string) => ({ minimum: 1, maximum: 10, title })

const budgets = {
  // Exactly one of the two is in force: `check.ts` fills in 10000 where neither is set, and refuses both.
  max_campaign_budget: optional(
    number({
      minimum: 0,
      maximum: MOST_MONEY,
      title: 'Most that a campaign may spend a day; 10000 unless set',
    }),
  ),
  max_campaign_budget_cents: optional(
    integer({ minimum: 0, maximum: MOST_MONEY * 1000, title: 'The same in minor units, instead' }),
  ),
  max_daily_budget_increase_pct: percent(20, 1000, 'Most that a budget may rise over that of midnight'),
  daily_spend_limit: nullable(
    number({
      minimum: 0,
      maximum: MOST_MONEY,
      default: null,
      title: 'Most that an account may come to spend today; null: no limit',
    }),
  ),
  overdelivery_factors: object(
    {
      google: number({ ...factor('Google Ads'), default: 2 }),
      meta: number({ ...factor('Meta'), default: 1.75 }),
      tiktok: optional(number(factor('TikTok'))),
      snapchat: optional(number(factor('Snapchat'))),
      default: number({ ...factor('Other platforms'), default: 1 }),
    },
    { default: {}, title: 'How many times its daily budget a platform may spend on a day' },
  ),
}

const evidence = {
  roas_threshold: ratio(2, 'ROAS below which nothing is raised or switched on'),
  roas_lookback_days: count(7, MOST_DAYS, 'Settled days it is taken from'),
  roas_min_spend: money(100, 'Spend of these days below which it is no evidence'),
  roas_min_conversions: number({
    minimum: 0,
    maximum: 1e6,
    default: 10,
    title: 'Conversions of these days below which it is no evidence',
  }),
  pause_roas_threshold: ratio(1, 'ROAS below which a day speaks for a pause'),
  pause_min_spend: money(100, 'Spend of a day from which it counts'),
  pause_consecutive_days: count(3, MOST_DAYS, 'Such days in a row, up to the last settled one'),
}

const frequency = {
  max_frequency: number({ minimum: 1, maximum: 1000, default: 4, title: 'Most impressions a person' }),
  frequency_window_days: count(7, MOST_DAYS, 'Days they are counted over'),
  max_changes_per_day: count(10, 10_000, 'Changes of an account in a day of its own zone'),
  min_hours_between_changes: number({
    minimum: 0,
    maximum: 24 * 30,
    default: 4,
    title: 'Hours between two changes of the same campaign, ad set or ad',
  }),
}

const scope = object(
  {
    platform: optional(string({ enum: PLATFORMS })),
    account_id: optional(string()),
    campaign_id: optional(string()),
  },
  { default: {}, title: 'What it holds for; nothing named: for all' },
)

/** Settings that a rule may replace where it holds. */
const rule = object({
  type: string({ enum: VIOLATION_TYPES }),
  setting: optional(string({ enum: THRESHOLDS, title: 'Whose threshold it is, where a type has several' })),
  threshold: optional(number({ title: 'In the unit of that setting; left out: as it is set' })),
  mode,
  scope,
})

export const AutopilotSettings = object(
  {
    enforcement_enabled: boolean({
      default: true,
      title: 'false: limits only warn people, and the autopilot only suggests',
    }),
    default_mode: string({
      enum: MODES,
      default: 'SOFT_BLOCK',
      title: 'What a violation does: warn, ask for a confirmation, prevent',
    }),
    modes: object(
      {
        BUDGET_EXCEEDED: mode,
        ROAS_BELOW_THRESHOLD: mode,
        DAILY_SPEND_LIMIT: mode,
        CAMPAIGN_PAUSE_REQUIRED: mode,
        FREQUENCY_CAP_EXCEEDED: mode,
      },
      { default: {}, title: 'By type of violation, where it is not default_mode' },
    ),
    ...budgets,
    ...evidence,
    ...frequency,
    enforcement_rules: map(rule, {
      default: {},
      title: 'Other thresholds and modes for some accounts or campaigns',
    }),
    auto_approve: boolean({ default: false, title: 'Rules in mode auto may act without a person' }),
    four_eyes: boolean({ default: false, title: 'Nobody approves what they have queued' }),
    expiry_hours: number({
      minimum: 1,
      maximum: 720,
      default: 24,
      title: 'How long an action waits for approval',
    }),
    confirmation_minutes: number({
      minimum: 1,
      maximum: 1440,
      default: 15,
      title: 'How long a token of confirmation holds',
    }),
    lease_seconds: integer({
      minimum: 5,
      maximum: 3600,
      default: 60,
      title: 'How long an executor may take for one write',
    }),
    max_attempts: count(5, 100, 'Tries of a write before it has failed'),
    release_expires_hours: number({
      minimum: 0,
      maximum: 720,
      default: 1,
      title: 'Actions older than that are dismissed when the kill switch is released',
    }),
    blast_radius: object(
      {
        entities_pct: percent(10, 100, 'Campaigns changed, of those active; one at least'),
        money_pct: percent(15, 100, 'Money moved, of the mean daily spend of the last 7 days'),
        increases_per_hour: integer({
          minimum: 0,
          maximum: 10_000,
          default: 5,
          title: 'Actions that raise risk, in any 60 minutes',
        }),
        window_hours: number({
          minimum: 1,
          maximum: 168,
          default: 24,
          title: 'Hours that campaigns and money count',
        }),
      },
      { default: {}, title: 'What the autopilot may change by itself' },
    ),
  },
  { title: 'Settings of the autopilot' },
)

export type AutopilotSettings = FromSchema<typeof AutopilotSettings>
