import type { Test } from 'tap'

/** Equal to so many parts of the larger one (and of 1). */
export function near(t: Test, found: number, wanted: number, what = '', within = 1e-9): void {
  const scale = Math.max(1, Math.abs(wanted))
  t.ok(Math.abs(found - wanted) <= within * scale, `${what} ${found}, wanted ${wanted}`)
}
