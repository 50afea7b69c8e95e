import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Row } from '../../../engine/cli/kit/index.ts'
import { run } from '../../../pipelines/allocation/command.ts'
import type { CampaignHistory } from '../../../pipelines/allocation/model/history.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { a, b, c, d } from './histories.ts'

const HEADER = 'campaign,platform,week,spend,revenue,conversions'
const rows = (...histories: readonly CampaignHistory[]) =>
  histories.flatMap(({ campaign, platform, weeks }) =>
    weeks.map(w => [campaign, platform, w.week, w.spend, w.result ?? '', w.conversions].join(',')),
  )

// biome-ignore lint/suspicious/noExplicitAny: a document of the command line
async function allocation(t: Test, lines: readonly string[], options = {}): Promise<any> {
  const path = join(temporaryFolder(t), 'weeks.csv')
  writeFileSync(path, lines.join('\n'))
  const made = run({
    args: [path],
    options: { goal: 'revenue', ...options },
    lines: () => {
      throw new Error('it reads no stdin')
    },
    signal: new AbortController().signal,
  })
  return await (made as Promise<Row>)
}
const near = (t: Test, got: number, wanted: number, tolerance = 1e-6) =>
  t.ok(Math.abs(got - wanted) <= tolerance, `${got}, wanted ${wanted}`)

t.test('golden curves and scenario, in major units, whatever the order of rows', async t => {
  const lines = rows(a, b, c)
  const made = await allocation(t, [HEADER, ...lines], { scenario: ['a=910', 'a=9000', 'c=850'] })
  const [of] = made.campaigns
  near(t, of.elasticity, 0.583624)
  near(t, of.elasticity_sd, 0.182644)
  near(t, made.campaigns[2].result.mean, 1507.773449)
  near(t, made.campaigns[2].marginal.upper, 2.11673)
  near(t, made.scenarios[0].result.mean, 1743.449334)
  near(t, made.scenarios[0].result.lower, 1415.156837)
  near(t, made.scenarios[0].result.upper, 2116.717148)
  t.match(made.scenarios[1], { reason: 'OUT_OF_RANGE', lowest: 280, highest: 1470 })
  t.match(made.scenarios[2], { reason: 'OUT_OF_RANGE' })
  t.match(made, { proposed: false, reasons: ['NO_CLEAR_GAIN'] })
  const turned = await allocation(t, [HEADER, ...lines.reverse()], { scenario: ['a=910', 'a=9000', 'c=850'] })
  t.equal(JSON.stringify(turned), JSON.stringify(made), 'rows followed the file')
})

t.test('a budget is split to the cent, or it says how far it is out of reach', async t => {
  const lines = [HEADER, ...rows(a, d)]
  const made = await allocation(t, lines, { budget: 1200.01 })
  t.equal(made.proposed, true)
  near(t, made.campaigns[0].proposed_spend + made.campaigns[1].proposed_spend, 1200.01, 1e-9)
  t.ok(made.campaigns[1].proposed_spend <= 595 * 1.2)
  t.match(
    made.explanation,
    /^Spending 1\.43 a day more than now should add .* moving [\d.]+ a day from \*a\* to/,
  )
  near(t, made.campaigns[0].scaled_spend, 600.01, 0.011)
  t.ok(made.change.mean > made.gain.mean)
  t.equal((await allocation(t, lines)).change, null)
  const far = await allocation(t, lines, { budget: 1500 })
  t.match(far, { reasons: ['INFEASIBLE'], excess: 72, reachable_in_days: 4, gain: null })
  t.match(await allocation(t, lines, { margin: 0.3 }), { reasons: ['BUDGET_TOO_LARGE'] })
  const told = await allocation(t, lines, { followsResults: ['a'] })
  t.equal(told.campaigns[0].evidence, 'PRIOR')
})

t.test('currencies are never added, and of yen there is no hundredth', async t => {
  const withCurrency = (currency: (i: number) => string) => [
    `${HEADER},currency`,
    ...rows(a, d).map((line, i) => `${line},${currency(i)}`),
  ]
  const yen = await allocation(
    t,
    withCurrency(() => 'JPY'),
  )
  t.ok(yen.campaigns.every((one: { proposed_spend: number }) => Number.isInteger(one.proposed_spend)))
  const two = await allocation(
    t,
    withCurrency(i => (i < 12 ? 'EUR' : 'USD')),
    { scenario: ['a=700'] },
  )
  t.match(two, { reasons: ['MIXED_CURRENCY'], scenarios: [{ reason: 'MIXED_CURRENCY' }] })
})

t.test('days name their week, gaps are unknown, and conversions can be the goal', async t => {
  const dated = rows(a, d).map(line => {
    const [campaign, platform, week, ...rest] = line.split(',')
    const day = new Date(Date.UTC(2026, 0, 6 + 7 * Number(week))).toISOString().slice(0, 10)
    return [campaign, platform, day, ...rest].join(',')
  })
  const made = await allocation(t, [HEADER, ...dated])
  near(
    t,
    made.campaigns[0].elasticity,
    (await allocation(t, [HEADER, ...rows(a, d)])).campaigns[0].elasticity,
  )
  const gaps = rows(a, d).map((line, i) => (i < 6 ? line.replace(/,[\d.]+,(\d+)$/, ',,$1') : line))
  t.match((await allocation(t, [HEADER, ...gaps])).campaigns[0], { weeks: 6, held: 'SHORT_HISTORY' })
  const many = [a, d].map(one => ({
    ...one,
    weeks: one.weeks.map(w => ({ ...w, conversions: w.result! / 10 })),
  }))
  const leads = await allocation(t, [HEADER, ...rows(...many)], { goal: 'conversions' })
  t.ok(leads.campaigns[0].result.mean > 100 && leads.campaigns[0].result.mean < 200)
  t.match(leads.explanation, /conversions a day/)
})

t.test('what is wrong is said with its line', async t => {
  const wrong = (...lines: string[]) => allocation(t, [HEADER, ...lines])
  await t.rejects(wrong(), /it has no rows/)
  await t.rejects(wrong('a,meta,1,-5,1,1'), /line 2: spend -5 is not between 0 and/)
  await t.rejects(wrong('a,meta,1,x,1,1'), /line 2: spend "x" is no number/)
  await t.rejects(wrong('a,meta,soon,5,1,1'), /line 2: week "soon" is no week/)
  await t.rejects(wrong('a,meta,2026-13-41,5,1,1'), /is no week/)
  await t.rejects(wrong('a,meta,2026-02-30,5,1,1'), /is no week/)
  await t.rejects(wrong(',meta,1,5,1,1'), /line 2: campaign is empty/)
  await t.rejects(wrong('a,meta,1,5,1,1', 'a,meta,1,5,1,1'), /line 3: campaign "a" has this week twice/)
  await t.rejects(wrong('a,meta,1,5,1,1', 'a,google,2,5,1,1'), /line 3: campaign "a" was of meta/)
  const ok = [HEADER, ...rows(a, d)]
  await t.rejects(allocation(t, ok, { scenario: ['a'] }), /write CAMPAIGN=SPEND/)
  await t.rejects(allocation(t, ok, { scenario: ['a=-1'] }), /above 0/)
  await t.rejects(allocation(t, ok, { scenario: ['z=1'] }), /no campaign of that name/)
  await t.rejects(allocation(t, ok, { followsResults: ['z'] }), /no campaign of that name/)
  const still = await wrong(...Array.from({ length: 12 }, (_, week) => `a,meta,${week},0,0,0`))
  t.match(still, { reasons: ['NOTHING_TO_MOVE'], campaigns: [{ held: 'SHORT_HISTORY' }] })
})
