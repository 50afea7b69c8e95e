import { type Random, seeded } from './random.ts'
import type { Phase, Point, Since } from './trigger.ts'

/** A kill from outside, after a time; the program runs as it is. */
export interface ClockFault {
  readonly kind: 'clock'
  /** When: 1 is the middle of the stretch this life is given, 0 its start, 2 its end. */
  readonly spread: number
}

/** A kill at a call of the program. */
export interface CallFault {
  readonly kind: 'call'
  readonly point: Point
  readonly phase: Phase
  readonly since: Since
  /** The call itself, or where in its stretch, as for the clock. */
  readonly nth: number | { readonly spread: number }
  readonly delayUs: number
}

export type Fault = ClockFault | CallFault

/** What the summary counts a fault as. */
export function nameOf(fault: Fault): string {
  if (fault.kind === 'clock') return 'any moment (clock)'
  const { point, phase, since } = fault
  const what = { commit: 'commit', insert: 'insert', create: 'create table', recovery: 'recovery' }[point]
  const when = { start: '', end: ', end of sync', drain: ', drain' }[since]
  return `${phase} ${what}${when}`
}

type Draw = (random: Random) => Fault

const clock: Draw = random => ({ kind: 'clock', spread: 2 * random() })

const call =
  (point: Point, phase: Phase, delayUs: number): Draw =>
  random => ({
    kind: 'call',
    point,
    phase,
    since: 'start',
    nth: { spread: 2 * random() },
    delayUs: Math.floor(random() * delayUs),
  })

/** Right after another fault: the program is killed again while it puts things in order. */
const again =
  (phase: Phase): Draw =>
  random => ({
    kind: 'call',
    point: 'recovery',
    phase,
    since: 'start',
    nth: 1 + Math.floor(random() * 3),
    delayUs: Math.floor(random() * INSERT_US),
  })

/** About what one takes; a kill `during` it comes within that time. */
const COMMIT_US = 2_000
const INSERT_US = 12_000

/** Faults that come in a row. Every plan of more than seven has all of the first half. */
const HALVES: readonly (readonly Draw[])[][] = [
  [
    [clock],
    [call('commit', 'inside', 3)],
    [call('commit', 'after', 0)],
    [call('insert', 'before', 0)],
    [call('insert', 'during', INSERT_US), again('during')],
    [call('insert', 'after', 0)],
  ],
  [
    [clock],
    [call('commit', 'before', 0)],
    [call('commit', 'during', COMMIT_US)],
    [call('insert', 'during', INSERT_US)],
    [call('insert', 'before', 0), again('before')],
    [clock, again('after')],
  ],
]

/** Faults at random moments. The same seed gives the same ones, and more of them begin with the fewer. */
export function randomFaults(seed: number, count: number): Fault[] {
  const random = seeded(seed)
  const faults: Fault[] = []
  while (faults.length < count)
    for (const half of HALVES)
      for (const row of shuffled(half, random)) for (const draw of row) faults.push(draw(random))
  return faults.slice(0, count)
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const all = [...items]
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const item = all[i]!
    all[i] = all[j]!
    all[j] = item
  }
  return all
}

const at = (since: Since, point: Point, phase: Phase, nth: number, delayUs = 0): CallFault => ({
  kind: 'call',
  point,
  phase,
  since,
  nth,
  delayUs,
})

/**
 * The first start. Tables and views are made before the first commit, and every start makes those that are missing:
 * so each of these calls comes, whatever the kills before it have left.
 */
export const FIRST_START: readonly Fault[] = [
  at('start', 'create', 'before', 1),
  at('start', 'create', 'during', 2, 300),
  at('start', 'create', 'after', 3),
  at('start', 'create', 'during', 4, 1_000),
  at('start', 'create', 'before', 5),
  at('start', 'create', 'during', 3, 2_000),
  at('start', 'commit', 'inside', 1),
  at('start', 'commit', 'after', 4),
]

/** The end: the mark that ends the sync, the final watermark that follows from it, the wait for the last rows. */
export const LAST_MOMENTS: readonly Fault[] = [
  at('end', 'commit', 'before', 1),
  at('end', 'commit', 'inside', 1, 1),
  at('end', 'commit', 'after', 1),
  at('end', 'commit', 'inside', 2),
  at('drain', 'commit', 'before', 1),
  at('drain', 'insert', 'before', 1),
  at('drain', 'insert', 'during', 1, 2_000),
  at('drain', 'commit', 'inside', 2, 2),
  at('drain', 'insert', 'after', 1),
]
