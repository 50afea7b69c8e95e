import t from 'tap'
import { checkAutopilotSettings } from '../../../../pipelines/autopilot/settings/check.ts'
import { autopilotSettings, policyHash } from '../../../../pipelines/autopilot/settings/policies.ts'
import { limitOf } from '../../../../pipelines/autopilot/settings/thresholds.ts'

/** As the source document has it, to the letter. */
const DOCUMENT = {
  enforcement_enabled: true,
  default_mode: 'SOFT_BLOCK',
  max_daily_budget_increase_pct: 20,
  max_campaign_budget: 10000,
  roas_threshold: 2.0,
  roas_lookback_days: 7,
  max_changes_per_day: 10,
  min_hours_between_changes: 4,
}

const problems = (value: unknown) => checkAutopilotSettings(value).problems.map(({ text }) => text)

t.test("the source document's example is taken, and says what the defaults say", async t => {
  const { settings } = checkAutopilotSettings(DOCUMENT)
  t.same(settings, checkAutopilotSettings({}).settings)
  t.match(settings, DOCUMENT)
})

t.test('nothing set is the defaults of product.md', async t => {
  t.match(checkAutopilotSettings({}).settings, {
    daily_spend_limit: null,
    overdelivery_factors: { google: 2, meta: 1.75, default: 1 },
    pause_roas_threshold: 1,
    pause_min_spend: 100,
    pause_consecutive_days: 3,
    max_frequency: 4,
    frequency_window_days: 7,
    roas_min_spend: 100,
    roas_min_conversions: 10,
    auto_approve: false,
    four_eyes: false,
    expiry_hours: 24,
    confirmation_minutes: 15,
    blast_radius: { entities_pct: 10, money_pct: 15, increases_per_hour: 5, window_hours: 24 },
  })
})

t.test('every problem says its path and the reason', async t => {
  const rows: readonly (readonly [unknown, readonly string[]])[] = [
    [
      { max_daily_budget_increase_pct: 0.2 },
      ['/max_daily_budget_increase_pct is in percent: write 20 for 20 %, got 0.2'],
    ],
    [
      { blast_radius: { money_pct: 0.15 } },
      ['/blast_radius/money_pct is in percent: write 15 for 15 %, got 0.15'],
    ],
    [
      { blast_radius: { entities_pct: 0.1 } },
      ['/blast_radius/entities_pct is in percent: write 10 for 10 %, got 0.1'],
    ],
    [{ blast_radius: { entities_pct: 101 } }, ['/blast_radius/entities_pct must be <= 100, got 101']],
    [{ max_daily_budget_increase_pct: -1 }, ['/max_daily_budget_increase_pct must be >= 0, got -1']],
    [{ roas_treshold: 2 }, ['/roas_treshold is not a setting (did you mean "roas_threshold"?)']],
    [
      { default_mode: 'BLOCK' },
      ['/default_mode must be one of "ADVISORY", "SOFT_BLOCK", "HARD_BLOCK", got "BLOCK"'],
    ],
    [{ enforcement_enabled: 'yes' }, ['/enforcement_enabled must be boolean, got "yes"']],
    [{ roas_threshold: 0.8 }, ['/pause_roas_threshold must be at most roas_threshold (0.8), got 1']],
    [
      { expiry_hours: 1, confirmation_minutes: 61 },
      ['/confirmation_minutes must be at most the minutes of expiry_hours (60), got 61'],
    ],
    [
      { max_campaign_budget: 100, max_campaign_budget_cents: 10000 },
      [
        '/max_campaign_budget_cents says in another unit what max_campaign_budget says: set one of them, and the other to null',
      ],
    ],
    [{ max_campaign_budget: 2e9 }, ['/max_campaign_budget must be <= 1000000000, got 2000000000']],
    [{ overdelivery_factors: { google: 0.5 } }, ['/overdelivery_factors/google must be >= 1, got 0.5']],
    [{ modes: { BUDGET: 'ADVISORY' } }, ['/modes/BUDGET is not a setting']],
    [
      { enforcement_rules: { brand: { type: 'BUDGET_EXCEEDED', threshold: 5 } } },
      [
        '/enforcement_rules/brand/setting must say which threshold it is: max_campaign_budget, max_daily_budget_increase_pct',
      ],
    ],
    [
      {
        enforcement_rules: {
          brand: { type: 'ROAS_BELOW_THRESHOLD', setting: 'max_frequency', mode: 'ADVISORY' },
        },
      },
      [
        '/enforcement_rules/brand/setting must be one of roas_threshold for ROAS_BELOW_THRESHOLD, got "max_frequency"',
      ],
    ],
    [
      { enforcement_rules: { brand: { type: 'ROAS_BELOW_THRESHOLD', threshold: -1 } } },
      ['/enforcement_rules/brand/threshold must be >= 0, got -1'],
    ],
    [
      {
        enforcement_rules: {
          brand: { type: 'BUDGET_EXCEEDED', setting: 'max_daily_budget_increase_pct', threshold: 0.5 },
        },
      },
      ['/enforcement_rules/brand/threshold is in percent: write 50 for 50 %, got 0.5'],
    ],
    [
      { enforcement_rules: { brand: { type: 'ROAS_BELOW_THRESHOLD' } } },
      ['/enforcement_rules/brand must have a threshold or a mode'],
    ],
    [
      { enforcement_rules: { 'a/b': { type: 'ROAS_BELOW_THRESHOLD', mode: 'ADVISORY' } } },
      ['/enforcement_rules/a~1b must be named by letters, digits, - and _, at most 64'],
    ],
    [null, ['/ must be object, got null']],
  ]
  for (const [value, expected] of rows) t.same(problems(value), expected, JSON.stringify(value))
})

t.test('a budget in minor units is of the currency of the account', async t => {
  const settings = checkAutopilotSettings({ max_campaign_budget_cents: 10000 }).settings!
  t.equal(settings.max_campaign_budget, undefined)
  const value = (currency: string) => {
    const limit = limitOf(settings, 'max_campaign_budget', currency)!
    return limit.value / limit.unit
  }
  t.equal(value('USD'), 100)
  t.equal(value('JPY'), 10000)
  t.equal(value('KWD'), 10)
})

t.test('the hash is that of what is in force, however it was written', async t => {
  const one = policyHash(checkAutopilotSettings(DOCUMENT).settings!)
  t.match(one, /^[0-9a-f]{64}$/)
  t.equal(
    policyHash(checkAutopilotSettings(Object.fromEntries(Object.entries(DOCUMENT).reverse())).settings!),
    one,
  )
  t.equal(policyHash(autopilotSettings(3, '{}')), one)
  t.not(policyHash(autopilotSettings(3, '{"auto_approve":true}')), one)
})

t.test('settings that were never checked are an error', async t => {
  t.throws(() => autopilotSettings(1, '{"roas_lookback_days":0}'), {
    code: 'CONFIG_INVALID',
    message: /roas_lookback_days must be >= 1, got 0/,
  })
})
