import type { Test } from 'tap'
import {
  CHECKS,
  type ConformanceOptions,
  conformance,
} from '../../../../../engine/source/conformance/conformance.ts'
import type { CheckResult } from '../../../../../engine/source/conformance/result.ts'
import type { Source } from '../../../../../engine/source/port.ts'

export async function results(source: Source, options: ConformanceOptions = {}): Promise<CheckResult[]> {
  const all: CheckResult[] = []
  for await (const result of conformance(source, { batchMs: 3_000, ...options })) all.push(result)
  return all
}

const names = CHECKS.map(check => check.name)

/** A broken connector fails these checks, and no other. Memory takes long: it is looked at where it is what is broken. */
export async function fails(
  t: Test,
  source: Source,
  checks: readonly string[],
  reason: RegExp,
): Promise<void> {
  const only = checks.includes('memory') ? names : names.filter(name => name !== 'memory')
  const failed = (await results(source, { only })).filter(r => r.result === 'failed')
  const said = failed.map(r => r.reason).join(' | ')
  t.same(
    failed.map(r => r.check),
    checks,
    said,
  )
  t.match(failed[0]?.reason, reason)
}
