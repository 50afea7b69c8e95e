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
const QUIET_HOURS = 6
/** Once in a series nothing is known for so long. */
const AWAY_HOURS = 12

/**
 * Ten weeks of a marketing metric by the hour: a level, a daily cycle and a weekly one, a trend, noise that is Gaussian,
 * bursty (log-normal) or of counts, in a third of the series nights without anything, hours that are missing, alone and
 * half a day at a time; and after three weeks up to three faults.
 */
export function series(seed: number): Labelled {
  const random = chance(seed, 'anomaly')
  const level = 10 ** (random.next() * 4)
  const daily = random.next() * 0.8
  const weekly = random.next() * 0.4
  const trend = (random.next() - 0.5) * 0.6
  const noise = 0.03 + random.next() * 0.25
  const kind = random.between(0, 2)
  const isQuietAtNight = random.between(0, 2) === 0
  const hours = WEEKS * HOURS_A_WEEK
  const expected = (i: number) =>
    (isQuietAtNight && i % 24 < QUIET_HOURS ? 0 : level) *
    (1 + daily * Math.sin((2 * Math.PI * i) / 24)) *
    (1 + weekly * Math.sin((2 * Math.PI * i) / HOURS_A_WEEK)) *
    (1 + (trend * i) / hours)
  const noisy = (mean: number) => {
    if (kind === 0) return mean * (1 + noise * random.normal())
    if (kind === 1) return mean * Math.exp(noise * random.normal() - (noise * noise) / 2)
    const count = (mean / level) * 20
    return Math.max(0, Math.round(count + Math.sqrt(count) * random.normal()))
  }
  const faults = placed(random, hours)
  const away = random.between(0, hours)
  const values = Array.from({ length: hours }, (_, i): number | null => {
    const fault = faults.find(f => i >= f.from && i < f.from + lengthOf(f.kind))
    const isMissing = random.next() < 0.01 || (i >= away && i < away + AWAY_HOURS)
    const value = Math.max(0, noisy(expected(i)))
    // A fault that nobody could see is none.
    if (fault) return spoiled(value, fault.kind)
    return isMissing ? null : value
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
    const at = first + i * room + random.between(0, room - 100)
    // By day, where there is something to spoil.
    const from = at % 24 < QUIET_HOURS ? at + QUIET_HOURS : at
    const kind = FAULTS[random.between(0, FAULTS.length - 1)]!
    return { kind, from, until: from + IN_TIME }
  })
}
