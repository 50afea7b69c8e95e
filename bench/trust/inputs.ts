import { addDays } from '../../engine/clock/days.ts'
import { anomalies } from '../../pipelines/signals/model/closing.ts'
import { addPurchases, restateDay } from '../../pipelines/signals/model/days.ts'
import { trustInputs } from '../../pipelines/signals/model/inputs.ts'
import { noPlatform } from '../../pipelines/signals/model/platform-state.ts'
import { evaluate } from '../../pipelines/trust/model/evaluate.ts'
import { checkTrustSettings } from '../../pipelines/trust/settings/check.ts'
import { policyOf } from '../../pipelines/trust/settings/policy.ts'

/**
 * From the state of a platform (a quarter of days) to its four components, as the stage does it: µs an evaluation.
 * Usage: inputs.js [ROUNDS].
 */
const rounds = Number(process.argv[2] ?? 20_000)
const policy = policyOf(checkTrustSettings({}).settings!, 1)
const FIRST = '2026-01-01'
const NOW = Date.parse('2026-04-10T12:00:00Z') * 1000
const state = noPlatform()
state.zones = { act: 'America/New_York' }
state.site = { analytics: NOW, names: [], distinct: {}, people: 0, seen: [], twins: null }
for (let i = 0; i < 98; i++) {
  const date = addDays(FIRST, i)
  restateDay(state.days, date, null, {
    impressions: 1,
    clicks: 1,
    spend_micros: 100_000_000 + i,
    revenue_micros: 300_000_000 + i * 1_000_000,
    conversions_micros: 30_000_000,
    reach: null,
    currency: 'EUR',
    settled: true,
  })
  addPurchases(state.days, date, 'EUR', 25, 250_000_000)
}
for (let hour = 0; hour < 672; hour += 3) state.waits.byHour[492_000 + hour] = 30 + (hour % 50)

function run(n: number): number {
  const started = performance.now()
  let known = 0
  for (let i = 0; i < n; i++) {
    const now = NOW + i * 1_000_000
    const inputs = trustInputs(state, 'meta', anomalies(state.series), now, policy)
    if (evaluate(inputs, now, policy).variance.value !== null) known++
  }
  if (known !== n) throw new Error('variance is unknown')
  return ((performance.now() - started) * 1000) / n
}

run(rounds / 4)
const micros = [1, 2, 3, 4, 5].map(() => run(rounds / 5)).sort((a, b) => a - b)
console.log(JSON.stringify({ us_an_evaluation: { median: micros[2], least: micros[0], most: micros[4] } }))
