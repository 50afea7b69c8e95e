import t from 'tap'
import type { Subject } from '../../../pipelines/rules/model/subject.ts'
import { entityOf } from '../../../pipelines/rules/model/subject.ts'
import {
  forgetDays,
  keyOf,
  noSubject,
  takeFigures,
  takeStands,
  viewOf,
} from '../../../pipelines/subjects/model.ts'
import type { AdEntityRecord } from '../../../plugins/records/ad-entity.ts'

const campaign: Subject = {
  platform: 'meta',
  level: 'campaign',
  account_id: 'a1',
  campaign_id: 'c1',
  adset_id: null,
  ad_id: null,
}
const noon = Date.UTC(2026, 0, 15, 12) * 1000
const measures = (spend: number | null, more = {}) => ({
  impressions: 10,
  clicks: 1,
  spend_micros: spend,
  revenue_micros: null,
  conversions_micros: null,
  reach: null,
  currency: 'EUR',
  settled: false,
  ...more,
})
const stands = (more: Partial<AdEntityRecord> = {}): AdEntityRecord => ({
  platform: 'meta',
  level: 'campaign',
  account_id: 'a1',
  campaign_id: 'c1',
  adset_id: null,
  ad_id: null,
  name: 'Summer',
  status: 'ACTIVE',
  platform_status: null,
  objective: null,
  budget_micros: 100_000_000,
  budget_kind: 'daily',
  bid_micros: null,
  bid_strategy: null,
  currency: 'EUR',
  zone: 'America/Los_Angeles',
  as_of: noon,
  ...more,
})

t.test('what contains others comes before them, and names are the words of keys', async t => {
  t.equal(entityOf(campaign), 'meta:a1:c1')
  t.strictSame(keyOf('t1', campaign), ['t1', '2', 'meta:a1:c1'])
  t.equal(entityOf({ ...campaign, level: 'platform' }), 'meta')
})

t.test('parts add up by day, restated figures replace, unknown stays unknown', async t => {
  const state = noSubject()
  state.now = noon
  takeFigures(state, campaign, '2026-01-14', noon, null, measures(5))
  takeFigures(state, campaign, '2026-01-14', noon, null, measures(7))
  takeFigures(state, campaign, '2026-01-14', noon, measures(5), measures(6))
  t.match(state.days['2026-01-14'], { spend_micros: 13, impressions: 20, revenue_micros: null })
})

t.test('days older than any rule looks at are not taken, and are forgotten', async t => {
  const state = noSubject()
  state.now = noon
  t.equal(takeFigures(state, campaign, '2025-12-01', noon, null, measures(5)), false)
  t.equal(takeFigures(state, campaign, '2026-01-14', noon, null, measures(5)), true)
  t.equal(forgetDays(state, noon), false)
  t.equal(forgetDays(state, noon + 60 * 86_400_000_000), true)
  t.strictSame(state.days, {})
})

t.test("today is the account's, and money of two currencies is none", async t => {
  const state = noSubject()
  state.now = Date.UTC(2026, 0, 15, 3) * 1000
  takeStands(state, campaign, stands())
  t.match(viewOf(state, campaign, state.now), {
    today: '2026-01-14',
    currency: 'EUR',
    budget_micros: 100_000_000,
  })
  t.equal(viewOf(state, campaign, state.now + 6 * 3_600_000_000).today, '2026-01-15')
  takeFigures(state, campaign, '2026-01-14', noon, null, measures(5, { currency: 'USD' }))
  t.equal(viewOf(state, campaign, state.now).currency, null)
})

t.test('an older word of how it stands changes nothing', async t => {
  const state = noSubject()
  t.equal(takeStands(state, campaign, stands()), true)
  t.equal(takeStands(state, campaign, stands({ as_of: noon - 1, status: 'PAUSED' })), false)
  t.equal(state.status, 'ACTIVE')
})

t.test(
  'a budget is compared with what the day began with in the account, not with what it was raised to',
  async t => {
    const state = noSubject()
    state.now = noon
    takeStands(state, campaign, stands())
    t.equal(viewOf(state, campaign, noon).budget_at_midnight_micros, 100_000_000)
    takeStands(state, campaign, stands({ as_of: noon + 1, budget_micros: 120_000_000 }))
    t.match(viewOf(state, campaign, noon + 1), {
      budget_micros: 120_000_000,
      budget_at_midnight_micros: 100_000_000,
    })
    t.equal(viewOf(state, campaign, noon + 86_400_000_000).budget_at_midnight_micros, 120_000_000)
  },
)

t.test('an offer is seen while it lasts and starts from what the campaign has', async t => {
  const state = noSubject()
  takeStands(state, campaign, stands())
  state.offer = {
    allocation_id: 'x',
    before_micros: 100_000_000,
    budget_micros: 120_000_000,
    gain_probability: 0.9,
    evidence: 'OWN',
    until: noon + 10,
  }
  t.equal(viewOf(state, campaign, noon).offer?.budget_micros, 120_000_000)
  t.equal(viewOf(state, campaign, noon + 10).offer, undefined, 'it is over')
  takeStands(state, campaign, stands({ budget_micros: 90_000_000, as_of: noon + 1 }))
  t.equal(viewOf(state, campaign, noon + 1).offer, undefined, 'somebody has changed the budget')
})
