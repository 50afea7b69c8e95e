import type { AdFigures, DemographicFigures } from './port.ts'

export type Group = Pick<DemographicFigures, 'age' | 'gender' | 'country'>

export const GROUPS: readonly Group[] = [
  { age: '18-24', gender: 'female', country: 'US' },
  { age: '25-34', gender: 'female', country: 'US' },
  { age: '25-34', gender: 'male', country: 'US' },
  { age: '35-44', gender: 'male', country: 'CA' },
  { age: '45-54', gender: 'unknown', country: 'CA' },
]

/** A sum of figures by groups of people, by their weights (all the same, if left out); the parts come to it exactly. */
export function byGroups(
  days: readonly AdFigures[],
  weights: readonly number[] = EVEN,
): DemographicFigures[] {
  return GROUPS.map((group, i) => ({ ...group, ...partOf(days, weights, i) }))
}

const EVEN = GROUPS.map(() => 1)

function partOf(days: readonly AdFigures[], weights: readonly number[], index: number): AdFigures {
  const sum = (until: number) => weights.slice(0, until).reduce((a, b) => a + b, 0)
  const [low, high, all] = [sum(index), sum(index + 1), sum(weights.length)]
  const part = (pick: (f: AdFigures) => number, unit: number) => {
    const units = days.reduce((total, f) => total + pick(f), 0) / unit
    return (Math.floor((units * high) / all) - Math.floor((units * low) / all)) * unit
  }
  return {
    impressions: part(f => f.impressions, 1),
    clicks: part(f => f.clicks, 1),
    spendMicros: part(f => f.spendMicros, 10_000),
    conversionsMicros: part(f => f.conversionsMicros, 1_000_000),
    revenueMicros: part(f => f.revenueMicros, 10_000),
    reach: part(f => f.reach, 1),
  }
}
