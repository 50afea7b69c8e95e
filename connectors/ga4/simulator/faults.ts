/** What the simulated platform does wrong from now on. */
export class Faults {
  empty = false
  forbidden = false
  drift: 'added' | 'retyped' | 'missing' | null = null
  /** Of reports: rows of small groups are hidden, figures are estimated, revenue may not be seen. */
  thresholded = false
  sampled = false
  restricted = false
  /** Rows of a report and day before the rest becomes `(other)`. Null: no limit. */
  rowsADay: number | null = null
  /** Statuses that the next calls are answered with, one after the other. */
  readonly ordered: number[] = []
}
