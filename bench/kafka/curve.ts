/** How many events a system had committed, and when. Milliseconds since its process was started. */
export interface Sample {
  readonly ms: number
  readonly events: number
}

export interface Speed {
  /** Events a second from the first commit seen to the last. */
  readonly whole: number
  /** The same without the first third of the events. */
  readonly warm: number
  /** From the start of the process to the first commit seen. Seconds. */
  readonly startup: number
}

/** Both speeds of a run that committed all of `total` events. */
export function speedOf(curve: readonly Sample[], total: number): Speed {
  const first = curve.find(sample => sample.events > 0)
  const third = curve.find(sample => sample.events >= total / 3)
  const last = curve.find(sample => sample.events >= total)
  if (!first || !third || !last) throw new Error('the run did not commit all events')
  return { whole: between(first, last), warm: between(third, last), startup: first.ms / 1000 }
}

/** Infinity where all came at once: the run was too short to be measured. */
const between = (from: Sample, to: Sample): number => (to.events - from.events) / ((to.ms - from.ms) / 1000)

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
