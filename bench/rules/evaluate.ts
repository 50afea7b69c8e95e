import { RuleSet } from '../../pipelines/rules/model/match.ts'
import { parseRule } from '../../pipelines/rules/model/parse.ts'
import type { SubjectView } from '../../pipelines/rules/model/subject.ts'

/**
 * What a tick of many rules costs: RULES rules on CAMPAIGNS campaigns of two weeks, one pair in about a thousand matching.
 * Usage: evaluate.js [RULES] [CAMPAIGNS] [ROUNDS]. Prints JSON: seconds a tick (median), nanoseconds a pair, matches, and
 * milliseconds to read and compile the rules.
 */
const [rules, campaigns, rounds] = [10_000, 1_000, 5].map((standard, i) =>
  Number(process.argv[2 + i] ?? standard),
) as [number, number, number]
const NOW = Date.UTC(2026, 0, 16, 12) * 1000
const METRICS = ['roas', 'spend', 'cpa', 'ctr', 'conversions'] as const

const parsed = performance.now()
const set = new RuleSet(
  Array.from({ length: rules }, (_, i) =>
    parseRule(
      {
        rule: `rule-${i}`,
        version: 1,
        mode: 'suggest',
        subject: 'campaign',
        reads: {
          a: { metric: METRICS[i % METRICS.length], over: `${7 + (i % 3)} settled days` },
          spend: { metric: 'spend', over: '7 settled days' },
          budget: { metric: 'budget' },
        },
        // Spend of a week is 700 and 0.7 for each campaign: an interval of 0.7 in 700 is one campaign of a thousand.
        when: `spend >= ${(700 + 0.7 * (i % campaigns)).toFixed(1)} and spend < ${(700.7 + 0.7 * (i % campaigns)).toFixed(1)} and (a > -1 or budget * 2 < 0)`,
        // biome-ignore lint/suspicious/noThenProperty: a rule has one
        then: { action: 'BUDGET_INCREASE', by: '10%' },
      },
      'bench',
    ),
  ),
)
const compiled_ms = performance.now() - parsed

const days = (i: number) =>
  Object.fromEntries(
    Array.from({ length: 14 }, (_, day) => [
      new Date(Date.UTC(2026, 0, 16 - day)).toISOString().slice(0, 10),
      {
        spend_micros: 100_000_000 + i * 100_000,
        revenue_micros: 300_000_000,
        conversions_micros: 10_000_000,
        impressions: 10_000,
        clicks: 100,
        reach: 9_000,
      },
    ]),
  )

const views = Array.from(
  { length: campaigns },
  (_, i): SubjectView => ({
    subject: {
      ...{ platform: 'meta', level: 'campaign', account_id: 'a1', adset_id: null, ad_id: null },
      campaign_id: `c${i}`,
    },
    ...{ name: null, status: 'ACTIVE', budget_micros: 100_000_000, budget_kind: 'daily', bid_micros: null },
    budget_at_midnight_micros: 100_000_000,
    ...{ currency: 'EUR', zone: 'UTC', now: NOW, today: '2026-01-16', watermark: NOW, offset: 1 },
    days: days(i),
  }),
)

const seconds: number[] = []
let matches = 0
for (let round = 0; round < rounds; round++) {
  matches = 0
  const began = performance.now()
  for (const view of views) matches += set.evaluate(view, { account: null, platform: null }).length
  seconds.push((performance.now() - began) / 1000)
}
const median = seconds.sort((a, b) => a - b)[Math.floor(rounds / 2)]!
console.log(
  JSON.stringify({
    rules,
    campaigns,
    matches,
    compiled_ms: Math.round(compiled_ms),
    seconds_a_tick: Math.round(median * 1000) / 1000,
    ns_a_pair: Math.round((median * 1e9) / (rules * campaigns)),
    all: seconds.map(s => Math.round(s * 1000) / 1000),
  }),
)
