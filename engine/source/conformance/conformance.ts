import { messageOf } from '../../errors.ts'
import type { Source } from '../port.ts'
import { explained } from '../trouble.ts'
import type { Check } from './check.ts'
import { abort } from './checks/abort.ts'
import { clock } from './checks/clock.ts'
import { connects } from './checks/connects.ts'
import { cursor } from './checks/cursor.ts'
import { delivered } from './checks/deliveries/delivered.ts'
import { mangled } from './checks/deliveries/mangled.ts'
import { replay } from './checks/deliveries/replay.ts'
import { signature } from './checks/deliveries/signature.ts'
import { drift } from './checks/drift.ts'
import { memory } from './checks/memory.ts'
import { dropped, serverError, timeOut, truncated } from './checks/outages.ts'
import { emptyPage, samePage } from './checks/pages.ts'
import { primaryKey } from './checks/primary-key.ts'
import { rateLimit } from './checks/rate-limit.ts'
import { records } from './checks/records.ts'
import { restated } from './checks/restated.ts'
import { resume } from './checks/resume.ts'
import { schema } from './checks/schema.ts'
import { secrets } from './checks/secrets.ts'
import { token } from './checks/token.ts'
import { toldApart } from './checks/told-apart.ts'
import { Lab } from './lab.ts'
import { type CheckResult, Inapplicable } from './result.ts'
import { listening } from './said.ts'
import type { Trial } from './trial.ts'

/** In the order in which they are made. */
export const CHECKS: readonly Check[] = [
  schema,
  connects,
  records,
  primaryKey,
  cursor,
  resume,
  restated,
  samePage,
  emptyPage,
  rateLimit,
  serverError,
  timeOut,
  dropped,
  truncated,
  token,
  drift,
  toldApart,
  abort,
  clock,
  memory,
  delivered,
  signature,
  replay,
  mangled,
  secrets,
]

export interface ConformanceOptions {
  /** What the trial's data follow from (1). */
  readonly seed?: number
  /** These checks only, by name. */
  readonly only?: readonly string[]
  /** Measure memory with a million records, instead of 50,000. */
  readonly big?: boolean
  /** What memory may grow by meanwhile. Bytes (4 MB; with `big` 64 MB). */
  readonly memoryBytes?: number
  /** How long one batch may take before it counts as hanging. Milliseconds (20,000). */
  readonly batchMs?: number
  readonly signal?: AbortSignal
}

const MB = 1024 * 1024

/**
 * Holds a connector to its contract, against its own trial: no credentials, no network. One result a check, as they
 * are made; the process is used by nothing else meanwhile (its zone changes, and what is printed is looked at).
 */
export async function* conformance(
  source: Source,
  options: ConformanceOptions = {},
): AsyncGenerator<CheckResult, void, void> {
  yield* held(source, options)
  const others = await othersOf(source)
  for (const [name, trial] of Object.entries(others))
    for await (const result of held({ ...source, trial: async () => trial }, options))
      yield {
        ...result,
        title: `${name}: ${result.title}`,
        // Of one that went well it stands behind the title.
        reason: result.reason && (result.result === 'ok' ? result.reason : `${name}: ${result.reason}`),
      }
}

/** A trial that does not load is for the check `connects` to say. */
async function othersOf(source: Source): Promise<NonNullable<Trial['others']>> {
  try {
    return (await source.trial?.())?.others ?? {}
  } catch {
    return {}
  }
}

async function* held(source: Source, options: ConformanceOptions): AsyncGenerator<CheckResult, void, void> {
  const { seed = 1, big = false, batchMs = 20_000, only, signal } = options
  const records = big ? 1_000_000 : 50_000
  const lab = new Lab(source, {
    seed,
    batchMs,
    records,
    memoryBytes: options.memoryBytes ?? (big ? 64 : 4) * MB,
  })
  try {
    for (const check of CHECKS) {
      signal?.throwIfAborted()
      if (only === undefined || only.includes(check.name)) yield await made(check, lab)
    }
  } finally {
    await lab.close()
  }
}

async function made(check: Check, lab: Lab): Promise<CheckResult> {
  const begun = performance.now()
  const { name, title } = check
  const ended = (result: CheckResult['result'], reason: string | null) => ({
    check: name,
    title,
    result,
    reason: reason === null ? null : lab.masked(reason.replace(/\s+/g, ' ').trim()),
    ms: Math.round(performance.now() - begun),
  })
  try {
    const said = await listening(lab.said, async () => check.run(lab))
    return ended('ok', said ?? null)
  } catch (error) {
    if (error instanceof Inapplicable) return ended('does not apply', error.message)
    return ended('failed', messageOf(explained(lab.source.id, error)))
  }
}
