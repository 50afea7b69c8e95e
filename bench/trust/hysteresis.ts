import { gateView } from '../../pipelines/trust/model/gate/gate.ts'
import { type Hysteresis, hysteresis } from '../../pipelines/trust/model/gate/hysteresis.ts'
import { checkTrustSettings } from '../../pipelines/trust/settings/check.ts'
import { policyOf } from '../../pipelines/trust/settings/policy.ts'
import { chance } from '../../plugins/simulator/random.ts'

/**
 * How often the gate opens and closes, and the share of the time in which hysteresis holds it back though the score is 70 or more: a score that
 * wanders (AR(1), 0.97 from evaluation to evaluation every 5 minutes) about a mean for a week. The table of product.md
 * §6.1, by the product's own functions. Usage: hysteresis.js [RUNS]. Prints a line a variant and mean.
 */
const runs = Number(process.argv[2] ?? 150)
const WEEK = 7 * 24 * 12
const STEP = 5 * 60_000_000
const PHI = 0.97
const CASES = [
  [72, 2],
  [74, 2],
  [76, 2],
  [76, 4],
  [80, 4],
] as const
/** Margin and minutes; null: none at all. */
const VARIANTS = [
  ['none', 0, 0, 1],
  ['+0/30 min', 0, 30, 6],
  ['+3/at once', 3, 0, 1],
  ['+3/30 min', 3, 30, 6],
  ['+5/30 min', 5, 30, 6],
] as const

function scores(mean: number, sd: number, run: number): number[] {
  const random = chance('hysteresis', mean, sd, run)
  let x = sd * random.normal()
  return Array.from({ length: WEEK }, () => {
    x = PHI * x + sd * Math.sqrt(1 - PHI * PHI) * random.normal()
    return Math.min(100, Math.max(0, mean + x))
  })
}

for (const [mean, sd] of CASES) {
  const weeks = Array.from({ length: runs }, (_, run) => scores(mean, sd, run))
  const cells = VARIANTS.map(([name, margin, minutes, evaluations]) => {
    const settings = { ...checkTrustSettings({}).settings!, hysteresis: { minutes, evaluations, margin } }
    const policy = policyOf(settings, 1)
    let changes = 0
    let held = 0
    for (const week of weeks) {
      let state: Hysteresis = {
        level: week[0]! >= 70 ? 'PASS' : 'HOLD',
        evaluated_at: -STEP,
        better_since: null,
        better: 0,
      }
      for (const [i, score] of week.entries()) {
        const { gates } = gateView({ emq: score, freshness: score, variance: score, anomaly: score }, policy)
        const next = hysteresis(state, score, gates.risk_increasing, i * STEP, policy)
        if ((next.level === 'PASS') !== (state.level === 'PASS')) changes++
        if (score >= 70 && next.level !== 'PASS') held++
        state = next
      }
    }
    return `${name} ${(changes / runs).toFixed(1)}, ${((100 * held) / (runs * WEEK)).toFixed(0)} %`
  })
  process.stdout.write(`${mean}, ${sd} | ${cells.join(' | ')}\n`)
}
