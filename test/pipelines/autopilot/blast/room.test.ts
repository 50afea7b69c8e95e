import t from 'tap'
import {
  applied,
  emptyLedger,
  type Ledger,
  type Need,
  release,
  reserve,
} from '../../../../pipelines/autopilot/model/blast/ledger.ts'
import {
  consumption,
  fits,
  room,
  type TenantFacts,
} from '../../../../pipelines/autopilot/model/blast/room.ts'
import { checkAutopilotSettings } from '../../../../pipelines/autopilot/settings/check.ts'
import { $, HOUR, NOW } from '../facts.ts'

const LIMITS = checkAutopilotSettings({}).settings!.blast_radius
const TENANT: TenantFacts = { active_campaigns: 37, mean_micros: $(1000), is_fresh: true }
const need = (campaign: string, units: number | null, is_increase = false): Need => ({
  campaign: `meta:a1:${campaign}`,
  money_micros: units === null ? null : $(units),
  is_increase,
})
const fit = (ledger: Ledger, of: Need, now = NOW, tenant = TENANT, limits = LIMITS) =>
  fits(room(ledger, limits, tenant, of, now))
const take = (ledger: Ledger, action: string, of: Need, now = NOW) => reserve(ledger, action, of, 24, now)

t.test('the published figures', async t => {
  const ledger = emptyLedger()
  t.same(consumption(ledger, LIMITS, TENANT, NOW), {
    used: { campaigns: 0, money_micros: 0, increases: 0 },
    limit: { campaigns: 3, money_micros: $(150), increases: 5 },
  })
  take(ledger, 'a', need('c1', 20, true))
  take(ledger, 'b', need('c2', 90))
  t.equal(consumption(ledger, LIMITS, TENANT, NOW).used.money_micros, $(110))
  t.ok(fit(ledger, need('c3', 40, true)))
  t.notOk(fit(ledger, need('c3', 40.01, true)))
})

t.test('a campaign counts once, one at least is allowed, and a tenth is rounded down', async t => {
  const ledger = emptyLedger()
  for (const [i, campaign] of ['c1', 'c2', 'c1', 'c3'].entries()) take(ledger, `a${i}`, need(campaign, 1))
  t.equal(consumption(ledger, LIMITS, TENANT, NOW).used.campaigns, 3)
  t.ok(fit(ledger, need('c2', 1)))
  t.notOk(fit(ledger, need('c4', 1)))
  const limit = (active_campaigns: number) =>
    consumption(ledger, LIMITS, { ...TENANT, active_campaigns }, NOW).limit.campaigns
  t.same([0, 1, 9, 10, 19, 20, 1000].map(limit), [1, 1, 1, 1, 1, 2, 100])
})

t.test('five increases in any 60 minutes; what protects is not kept by them', async t => {
  const ledger = emptyLedger()
  for (let i = 0; i < 5; i++) {
    t.ok(fit(ledger, need('c1', 1, true), NOW + i))
    take(ledger, `a${i}`, need('c1', 1, true), NOW + i)
    applied(ledger, `a${i}`, NOW + i)
  }
  t.notOk(fit(ledger, need('c1', 1, true), NOW + 5))
  t.ok(fit(ledger, need('c1', 1), NOW + 5))
  t.notOk(fit(ledger, need('c1', 1, true), NOW + HOUR - 1))
  t.ok(fit(ledger, need('c1', 1, true), NOW + HOUR), 'the first is an hour ago')
})

t.test('the window rolls: no midnight sets anything free', async t => {
  const ledger = emptyLedger()
  take(ledger, 'a', need('c1', 150))
  applied(ledger, 'a', NOW + 2 * HOUR)
  t.notOk(fit(ledger, need('c1', 0.000001), NOW + 26 * HOUR - 1))
  t.ok(fit(ledger, need('c1', 150), NOW + 26 * HOUR))
})

t.test('what is approved and not done, or whose outcome nobody knows, counts whatever its age', async t => {
  const ledger = emptyLedger()
  take(ledger, 'a', need('c1', 150, true))
  t.notOk(fit(ledger, need('c1', 1), NOW + 90 * 24 * HOUR))
  applied(ledger, 'a', NOW + 90 * 24 * HOUR)
  t.notOk(fit(ledger, need('c1', 1), NOW + 91 * 24 * HOUR - 1))
  t.ok(fit(ledger, need('c1', 1), NOW + 91 * 24 * HOUR))
})

t.test('what was surely not written is given back, what was written is not', async t => {
  const ledger = emptyLedger()
  take(ledger, 'a', need('c1', 150))
  release(ledger, 'a')
  t.ok(fit(ledger, need('c1', 150)))
  take(ledger, 'b', need('c1', 150))
  applied(ledger, 'b', NOW)
  release(ledger, 'b')
  t.notOk(fit(ledger, need('c1', 1)), 'a rollback refunds nothing')
})

t.test('a result that is told again, or is of the past, does not shorten the window', async t => {
  const ledger = emptyLedger()
  take(ledger, 'a', need('c1', 150))
  applied(ledger, 'a', NOW - HOUR)
  applied(ledger, 'a', NOW - 5 * HOUR)
  t.notOk(fit(ledger, need('c1', 1), NOW + 24 * HOUR - 1))
  applied(ledger, 'nobody', NOW)
  release(ledger, 'nobody')
  t.same(Object.keys(ledger.entries), ['a'])
})

t.test('a person may go over it, and then there is no room', async t => {
  const ledger = emptyLedger()
  take(ledger, 'a', need('c1', 500))
  t.equal(consumption(ledger, LIMITS, TENANT, NOW).used.money_micros, $(500))
  t.notOk(fit(ledger, need('c1', 0.01)))
})

t.test('a lowered limit stops only what comes next', async t => {
  const ledger = emptyLedger()
  take(ledger, 'a', need('c1', 100))
  const lower = { ...LIMITS, money_pct: 5 }
  t.notOk(fit(ledger, need('c1', 1), NOW, TENANT, lower))
  t.same(consumption(ledger, lower, TENANT, NOW), {
    used: { campaigns: 1, money_micros: $(100), increases: 0 },
    limit: { campaigns: 3, money_micros: $(50), increases: 5 },
  })
})

t.test('what is not known does not fit', async t => {
  const of = need('c1', 1)
  const rows: readonly (readonly [string, TenantFacts])[] = [
    ['spend', { ...TENANT, mean_micros: null }],
    ['spend that is old', { ...TENANT, is_fresh: false }],
    ['active campaigns', { ...TENANT, active_campaigns: null }],
  ]
  for (const [name, tenant] of rows) t.notOk(fit(emptyLedger(), of, NOW, tenant), name)
  t.notOk(fit(emptyLedger(), need('c1', null)), 'what it moves')
  const ledger = emptyLedger()
  take(ledger, 'by a person', need('c1', null))
  t.notOk(fit(ledger, of), 'what another moves')
  applied(ledger, 'by a person', NOW)
  t.ok(fit(ledger, of, NOW + 24 * HOUR))
})
