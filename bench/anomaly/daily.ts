import { DETECTORS } from '../../pipelines/anomaly/model/detector.ts'
import { detectorOf } from '../../pipelines/anomaly/model/detectors.ts'
import { chance } from '../../plugins/simulator/random.ts'

/**
 * How often a series of days in which nothing happens (normal noise of 15 % about a level) is scored so far out that the
 * gate holds: z above 4 is a score below 40. By how many values the series has. Usage: daily.js [SERIES].
 */
const series = Number(process.argv[2] ?? 3000)
const AGES = [60, 90, 180, 365] as const
const HELD_ABOVE = 4
const DAYS_A_WEEK = 7

for (const name of DETECTORS) {
  const detector = detectorOf(name)
  const counts = AGES.map(() => ({ all: 0, held: 0 }))
  for (let s = 0; s < series; s++) {
    const state = detector.empty(DAYS_A_WEEK)
    const random = chance('calm days', s)
    for (let n = 1; n <= AGES.at(-1)!; n++) {
      const { z } = detector.update(state, 100 * (1 + 0.15 * random.normal()), n % DAYS_A_WEEK)
      if (z === null) continue
      const of = counts[AGES.findIndex(age => n <= age)]!
      of.all++
      if (Math.abs(z) > HELD_ABOVE) of.held++
    }
  }
  const shares = counts.map(({ all, held }, i) => `up to ${AGES[i]}: ${((100 * held) / all).toFixed(1)} %`)
  console.log(`${name.padEnd(10)} ${shares.join('  ')}`)
}
