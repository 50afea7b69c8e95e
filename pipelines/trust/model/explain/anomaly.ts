import type { Watched } from '../anomaly.ts'
import type { Cap } from '../gate/caps.ts'
import { type About, capFrom, type Told } from './about.ts'
import { count, listed, metricTitle, quantity, scoreText } from './words.ts'

/** Figures far from what is usual, or too little history to say what is. */
export function tellAnomaly(cap: Cap, about: About): Told {
  const { components } = about.decision.inputs
  const from = capFrom(cap, about)
  const odd = watched(about).filter(({ value }) => value !== null && value < from)
  if (components.anomaly === null || odd.length === 0) return tooLittleHistory(about)
  const names = listed(odd.map(({ name }) => metricTitle(name)))
  const worst = odd.reduce((a, b) => (b.value! < a.value! ? b : a))
  return {
    because: `anomaly is ${scoreText(components.anomaly)} (below ${from}): ${metricTitle(worst.name)} is ${quantity(Math.abs(worst.z ?? 0))} deviations from what is usual`,
    until: `${names} ${odd.length === 1 ? 'is' : 'are'} back to what is usual`,
  }
}

function tooLittleHistory(about: About): Told {
  const { minimum_days, minimum_samples } = about.policy.settings.anomaly
  const { metrics } = about.trust.anomaly.inputs
  const seen = watched(about).flatMap(({ name }) => metrics[name] ?? [])
  const history = `${count(minimum_days, 'day')} and ${count(minimum_samples, 'value')} of history`
  const days = Math.floor(Math.max(0, ...seen.map(metric => metric.days)))
  const samples = Math.max(0, ...seen.map(metric => metric.samples))
  return {
    because: `anomaly is unknown: it takes ${history}, and there are ${count(days, 'day')} and ${count(samples, 'value')}`,
    until: `there are ${history}`,
  }
}

/** The metrics that decide anomaly in the decision's scope. */
function watched({ decision, trust: { anomaly } }: About) {
  const names = Object.keys(anomaly.metrics) as Watched[]
  return names
    .filter(name => decision.inputs.scope === 'all' || name === 'spend')
    .map(name => ({
      name,
      value: anomaly.metrics[name]?.value ?? null,
      z: anomaly.inputs.metrics[name]?.z ?? null,
    }))
}
