/** What the simulated platform does wrong from now on. */
export class Faults {
  empty = false
  forbidden = false
  drift: 'added' | 'retyped' | 'missing' | null = null
  /** Statuses that the next calls are answered with, one after the other. */
  readonly ordered: number[] = []
}
