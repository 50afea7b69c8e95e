import t from 'tap'
import { factsOfGiven } from '../../../pipelines/autopilot/given.ts'
import { emptyLedger } from '../../../pipelines/autopilot/model/blast/ledger.ts'
import { fits, needOf, room } from '../../../pipelines/autopilot/model/blast/room.ts'
import { enforce } from '../../../pipelines/autopilot/model/enforcement/enforce.ts'
import { checkAutopilotSettings } from '../../../pipelines/autopilot/settings/check.ts'
import { $, HOUR, NOW } from './facts.ts'

/** The example of autopilot.md §8. */
const EXAMPLE = {
  account: { spend_7d_mean: 1000, active_campaigns: 37 },
  entity: { roas: 3.1, spend: 900, conversions: 40, budget: 100, budget_at_midnight: 100 },
}
const raise = (to: number) => ({ ...EXAMPLE, proposal: { action: 'BUDGET_INCREASE', to } })
const hold = (given: unknown) => {
  const { facts, change } = factsOfGiven(given, NOW)
  return enforce({ change, overrides: {}, reverts: false }, facts, checkAutopilotSettings({}).settings!, NOW)
}
const found = (given: unknown) => hold(given).violations.map(({ type, subtype }) => subtype ?? type)

t.test('twenty percent is the edge', async t => {
  t.same(found(raise(120)), [])
  t.same(found(raise(120.01)), ['DAILY_INCREASE'])
  const { facts, tenant, change } = factsOfGiven(raise(120), NOW)
  const has = room(
    emptyLedger(),
    checkAutopilotSettings({}).settings!.blast_radius,
    tenant,
    needOf(change!, facts),
    NOW,
  )
  t.ok(fits(has))
  t.same(has, {
    used: { campaigns: 0, money_micros: 0, increases: 0 },
    limit: { campaigns: 3, money_micros: $(150), increases: 5 },
    need: { campaigns: 1, money_micros: $(20), increases: 1 },
  })
})

t.test('what is not given is not known', async t => {
  const { facts, tenant, change } = factsOfGiven({ proposal: { action: 'BID_INCREASE', to: 1 } }, NOW)
  t.same(change, null)
  t.same(tenant, { active_campaigns: null, mean_micros: null, is_fresh: true })
  t.match(facts, {
    budget: { micros: null, kind: null },
    days: {},
    mean_spend_micros: null,
    account: { spent_today_micros: null, active: null, changes_today: 0 },
    changed_at: null,
  })
})

t.test('days one by one, the last one last', async t => {
  const { facts } = factsOfGiven(
    {
      entity: {
        days: [
          { spend: 100, roas: 0.5 },
          { spend: 200, revenue: 50, conversions: 2.5 },
        ],
      },
    },
    NOW,
  )
  t.same(facts.days, {
    '2026-01-11': { spend_micros: $(100), revenue_micros: $(50), conversions_micros: null },
    '2026-01-12': { spend_micros: $(200), revenue_micros: $(50), conversions_micros: $(2.5) },
  })
  const bad = { spend: 100, roas: 0.5, conversions: 20 }
  const given = { entity: { budget: 100, days: [bad, bad, bad] }, proposal: { action: 'CAMPAIGN_ENABLE' } }
  t.ok(hold(given).proposes_pause)
})

t.test('all else that can be said', async t => {
  const { facts, change } = factsOfGiven(
    {
      account: {
        currency: 'EUR',
        zone: 'Pacific/Auckland',
        spend_today: 5,
        changes_today: 10,
        spend_age_hours: 30,
      },
      entity: {
        ...{ id: 'google:a1:c1:s1', budget: 300, budget_kind: 'lifetime', remaining_days: 3, bid: 2 },
        ...{ hours_since_change: 1.5, impressions: 10, reach: 5, mean_daily_spend: 7 },
      },
      proposal: { action: 'ADSET_PAUSE' },
    },
    NOW,
  )
  t.match(facts, {
    platform: 'google',
    campaign_id: 'c1',
    currency: 'EUR',
    today: '2026-01-15',
    budget: { micros: $(300), kind: 'lifetime', remaining_days: 3, midnight_micros: $(300) },
    changed_at: NOW - 1.5 * HOUR,
    mean_spend_micros: $(7),
    impressions: 10,
    reach: 5,
    account: { spent_today_micros: $(5), spend_age_hours: 30, changes_today: 10 },
  })
  t.match(change, { type: 'ADSET_PAUSE', field: 'status', before: 'ACTIVE', after: 'PAUSED' })
  t.equal(factsOfGiven({ account: { zone: 'Pacific/Auckland' } }, NOW + 2 * HOUR).facts.today, '2026-01-16')
})

t.test('what is wrong is said with its path', async t => {
  const rows: readonly (readonly [unknown, RegExp])[] = [
    [{ entity: { budgt: 1 } }, /\/entity\/budgt is not a setting \(did you mean "budget"\?\)/],
    [{ entity: { spend: -1 } }, /\/entity\/spend must be >= 0, got -1/],
    [{ entity: { roas: 1, revenue: 2, spend: 2 } }, /\/entity\/roas says what revenue says/],
    [{ entity: { spend: 1, days: [] } }, /\/entity\/days says what spend, revenue, roas and conversions say/],
    [{ entity: { id: 'myspace:a1:c1' } }, /\/entity\/id names no entity.*"myspace:a1:c1"/],
    [{ entity: { id: 'meta' } }, /\/entity\/id names no entity/],
    [{ entity: { budget: 1 }, proposal: { action: 'BUDGET_INCREASE' } }, /\/proposal\/to is required/],
    [
      { account: { zone: 'Mars/Olympus' } },
      /\/account\/zone is no zone of the IANA database: "Mars\/Olympus"/,
    ],
    [{ proposal: { action: 'RAISE', to: 1 } }, /\/proposal\/action must be one of/],
  ]
  for (const [given, message] of rows)
    t.throws(() => factsOfGiven(given, NOW), { code: 'CONFIG_INVALID', message }, JSON.stringify(given))
})
