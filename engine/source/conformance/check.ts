import type { Lab } from './lab.ts'

/** One thing that every connector is held to. */
export interface Check {
  readonly name: string
  readonly title: string
  /**
   * Gives what was measured, where that says something. Throws `failed(…)` or `inapplicable(…)`; any other error is
   * a failure too.
   */
  run(lab: Lab): Promise<string | undefined> | Promise<void>
}
