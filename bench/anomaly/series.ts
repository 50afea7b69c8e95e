import { type Chance, chance } from '../../plugins/simulator/random.ts'

/** A series of hours with what is wrong with it. */
export interface Labelled {
  readonly values: readonly (number | null)[]
  /** Hours of which something is wrong, and until when an alert about it is in time. */
  readonly faults: readonly { readonly kind: Fault; readonly from: number; readonly until: number }[]
}

export const FAULTS = ['level up', 'level down', 'spike', 'drop', 'dead'] as const
export type Fault = (typeof FAULTS)[number]

const HOURS_A_WEEK = 168
const WEEKS = 10
/** Nothing goes wrong while detectors warm up. */
const CALM_WEEKS = 3
/** An alert counts when it comes within a day of the beginning. */
const IN_TIME = 24

/**
 * Ten weeks of a marketing metric by the hour: a level, a daily cycle and a weekly one, a trend, noise that is Gaussian,
 * bursty (log-normal) or of counts, hours that are missing; and after three weeks a few faults.
 */
export function series(seed: number): Labelled {
  const random = chance(seed, 'anomaly')
  const share = () => random.between(0, 1_000_000) / 1_000_000
  const normal = () => Math.sqrt(-2 * Math.log(1 - share() * 0.999999)) * Math.cos(2 * Math.PI * share())
  const level = 10 ** (share() * 4)
  const daily = share() * 0.8
  const weekly = share() * 0.4
  const trend = (share() - 0.5) * 0.6
  const noise = 0.03 + share() * 0.25
  const kind = random.between(0, 2)
  const hours = WEEKS * HOURS_A_WEEK
  const expected = (i: number) =>
    level *
    (1 + daily * Math.sin((2 * Math.PI * i) / 24)) *
    (1 + weekly * Math.sin((2 * Math.PI * i) / HOURS_A_WEEK)) *
    (1 + (trend * i) / hours)
  const noisy = (mean: number) => {
    if (kind === 0) return mean * (1 + noise * normal())
    if (kind === 1) return mean * Math.exp(noise * normal() - (noise * noise) / 2)
    const count = (mean / level) * 20
    return Math.max(0, Math.round(count + Math.sqrt(count) * normal()))
  }
  const faults = placed(random, hours)
  const values = Array.from({ length: hours }, (_, i): number | null => {
    if (share() < 0.01) return null
    const value = Math.max(0, noisy(expected(i)))
    const fault = faults.find(f => i >= f.from && i < f.from + lengthOf(f.kind))
    return fault ? spoiled(value, fault.kind) : value
  })
  return { values, faults }
}

const lengthOf = (kind: Fault): number => (kind === 'spike' || kind === 'drop' ? 1 : kind === 'dead' ? 8 : 72)

function spoiled(value: number, kind: Fault): number {
  if (kind === 'level up') return value * 1.8
  if (kind === 'level down') return value * 0.45
  if (kind === 'spike') return value * 4
  if (kind === 'drop') return value * 0.05
  return 0
}

function placed(random: Chance, hours: number): Labelled['faults'] {
  const count = random.between(0, 3)
  const first = CALM_WEEKS * HOURS_A_WEEK
  const room = Math.floor((hours - first) / 3)
  return Array.from({ length: count }, (_, i) => {
    const from = first + i * room + random.between(0, room - 100)
    const kind = FAULTS[random.between(0, FAULTS.length - 1)]!
    return { kind, from, until: from + IN_TIME }
  })
}
