import { type ConformanceOptions, conformance as run } from '../../engine/source/conformance/conformance.ts'
import type { CheckResult } from '../../engine/source/conformance/result.ts'
import type { Source } from '../../engine/source/port.ts'

export type { ConformanceOptions } from '../../engine/source/conformance/conformance.ts'
export type { CheckResult } from '../../engine/source/conformance/result.ts'

/** Holds a connector to its contract, against its own trial: what `stratum conformance` does. */
export async function conformance(source: Source, options: ConformanceOptions = {}): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for await (const result of run(source, options)) results.push(result)
  return results
}

/** What tap's `t` and node:test's default export have in common. */
export interface Tests {
  test(name: string, options: { readonly skip?: string }, work: () => Promise<void>): unknown
}

/**
 * The same as tests, one a check: `await conforms(t, acme)`. What does not apply is skipped with its reason.
 * One at a time: the process is used by nothing else meanwhile.
 */
export async function conforms(t: Tests, source: Source, options: ConformanceOptions = {}): Promise<void> {
  for await (const { check, title, result, reason } of run(source, options)) {
    const skip = result === 'does not apply' ? { skip: reason ?? result } : {}
    await t.test(`${check}: ${title}`, skip, async () => {
      if (result === 'failed') throw new Error(`${source.id}: ${reason}`)
    })
  }
}
