/** Where an experiment stands (product.md §4.6). COMPLETED and STOPPED are for ever. */
export const STATES = ['DRAFT', 'RUNNING', 'PAUSED', 'COMPLETED', 'STOPPED'] as const
export type ExperimentState = (typeof STATES)[number]

/** What somebody may do, from which states, and where it leads. */
export const STEPS = {
  start: { from: ['DRAFT'], to: 'RUNNING' },
  pause: { from: ['RUNNING'], to: 'PAUSED' },
  resume: { from: ['PAUSED'], to: 'RUNNING' },
  complete: { from: ['RUNNING'], to: 'COMPLETED' },
  stop: { from: ['RUNNING', 'PAUSED'], to: 'STOPPED' },
} as const satisfies Record<
  string,
  { readonly from: readonly ExperimentState[]; readonly to: ExperimentState }
>
export type Step = keyof typeof STEPS

/** A stretch of time in which people were taken in, UTC microseconds; `to` null: it goes on. */
export interface Phase {
  readonly from: number
  readonly to: number | null
}

/** Phases after a step at a time. Pure. */
export function phasesAfter(phases: readonly Phase[], to: ExperimentState, at: number): Phase[] {
  const closed = phases.map(phase => (phase.to === null ? { ...phase, to: Math.max(at, phase.from) } : phase))
  return to === 'RUNNING' ? [...closed, { from: at, to: null }] : closed
}

/** Whether somebody who is seen at a time is taken in. */
export const takesIn = (phases: readonly Phase[], at: number): boolean =>
  phases.some(({ from, to }) => at >= from && (to === null || at < to))
