import type { Detector } from '../../pipelines/anomaly/model/detector.ts'
import { recordDetector } from '../../pipelines/anomaly/model/record.ts'
import { seasonalDetector } from '../../pipelines/anomaly/model/seasonal.ts'
import { zscoreDetector } from '../../pipelines/anomaly/model/zscore.ts'
import { medianMad } from './median-mad.ts'
import { FAULTS, type Labelled, series } from './series.ts'

/**
 * Precision and recall of the detectors on series of the project's own generator: ten weeks by the hour with level
 * shifts, spikes, drops and dead hours. A fault is found by an alert within a day of its beginning, and counts once; an
 * alert is false when no fault began in the four days before it (later ones are about its end). Precision is found ÷
 * (found + false). Then CPU µs a value, 1,000 series in turns. Usage: run.js [SERIES]. Prints a line of JSON each.
 */
const count = Number(process.argv[2] ?? 400)
const AFTERWARDS = 72
const WEEK = 168
const MEASURED = 100
const all = Array.from({ length: count }, (_, seed) => series(seed + 1))
const detectors: Readonly<Record<string, Detector<never>>> = {
  record: recordDetector() as Detector<never>,
  'record, quiet': recordDetector({ quiet: true }) as Detector<never>,
  seasonal: seasonalDetector as Detector<never>,
  zscore: zscoreDetector as Detector<never>,
  'median/MAD, T=3': medianMad(3) as Detector<never>,
  'median/MAD, T=7': medianMad(7) as Detector<never>,
}

function alertsOf(detector: Detector<never>, { values }: Labelled): number[] {
  const state = detector.empty(24)
  return values.flatMap((x, i) => (detector.update(state, x, i % 24).alert ? [i] : []))
}

function cost(detector: Detector<never>): number {
  const { values } = all[0]!
  const states = Array.from({ length: 1_000 }, () => detector.empty(24))
  const feed = (from: number, until: number) => {
    for (let i = from; i < until; i++) for (const state of states) detector.update(state, values[i]!, i % 24)
  }
  feed(0, WEEK)
  const before = process.cpuUsage()
  feed(WEEK, WEEK + MEASURED)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (states.length * MEASURED)
}

const faults = all.reduce((sum, s) => sum + s.faults.length, 0)
console.log(`${count} series, ${faults} faults, ${all.reduce((sum, s) => sum + s.values.length, 0)} hours`)
for (const [name, detector] of Object.entries(detectors)) {
  const found = new Map<string, [found: number, all: number]>(FAULTS.map(kind => [kind, [0, 0]]))
  let hits = 0
  let falses = 0
  const alerts = all.map(s => alertsOf(detector, s))
  for (const [i, s] of all.entries()) {
    for (const { kind, from, until } of s.faults) {
      const isFound = alerts[i]!.some(at => at >= from && at < until)
      const tally = found.get(kind)!
      tally[1]++
      if (isFound) {
        tally[0]++
        hits++
      }
    }
    falses += alerts[i]!.filter(at => !s.faults.some(f => at >= f.from && at < f.until + AFTERWARDS)).length
  }
  const precision = hits / (hits + falses)
  const recall = hits / faults
  console.log(
    JSON.stringify({
      detector: name,
      precision: Number(precision.toFixed(3)),
      recall: Number(recall.toFixed(3)),
      f1: Number(((2 * precision * recall) / (precision + recall)).toFixed(3)),
      false_alerts_a_series: Number((falses / count).toFixed(2)),
      found: Object.fromEntries([...found].map(([kind, [n, of]]) => [kind, `${n}/${of}`])),
      cpu_us_a_value: Number(cost(detector).toFixed(2)),
    }),
  )
}
