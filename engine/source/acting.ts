/** How a change is made on a platform: what is asked besides the change itself, and what came of it. */

/** Fields of what is in force, in the words that all platforms share: `status`, `budget_micros`, `bid_micros`. */
export type InForce = Readonly<Record<string, unknown>>

/** What whoever has a change made may ask; left out, it is made without asking. */
export interface Acting {
  /** What has to be in force, or nothing is written: see `DriftError`. */
  readonly expected?: InForce
  /** Nothing is written, only read. */
  readonly readOnly?: boolean
  /**
   * Asked when everything is read and the change comes next, and again before each request of it, when nothing more is
   * waited for: what it throws ends it, and what was to be sent is not.
   */
  readonly mayWrite?: () => Promise<void>
}

/** How a change went; values are JSON of the connector's. */
export interface ActionOutcome {
  /** In force before: what a rollback writes. */
  readonly before: unknown
  readonly wanted: unknown
  /** As it was read back. */
  readonly after: unknown
  /** `before` and `after` in the words that all platforms share. */
  readonly inForce: { readonly before: InForce; readonly after: InForce }
  /** False: it was in force already, nothing was sent. */
  readonly written: boolean
  /** It was read back as it was wanted. */
  readonly confirmed: boolean
}

/** What was expected is not in force any more: somebody has changed it since. Nothing was written. */
export class DriftError extends Error {
  readonly code = 'DRIFT'
  readonly found: InForce
  constructor(expected: InForce, found: InForce) {
    const differing = Object.keys(expected).filter(name => !isSame(expected[name], found[name]))
    const words = differing.map(name => `${name} is ${shown(found[name])}, not ${shown(expected[name])}`)
    super(`what is in force is not what was decided upon: ${words.join(', ')}`)
    this.name = 'DriftError'
    this.found = found
  }
}

/** @throws DriftError */
export function mustBeInForce(expected: InForce, found: InForce): void {
  if (!Object.keys(expected).every(name => isSame(expected[name], found[name])))
    throw new DriftError(expected, found)
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const shown = (value: unknown): string => JSON.stringify(value) ?? 'not told'

/** What was in force when an error came, where it tells; a plugin may bring its own copy of this module. */
export function foundBy(error: unknown): InForce | null {
  const { found } = (error ?? {}) as { found?: unknown }
  return typeof found === 'object' && found !== null ? (found as InForce) : null
}

export const isDrift = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'DRIFT'

/** Whether it was done is not known. */
export const isUnknownOutcome = (error: unknown): boolean =>
  (error as { outcome?: unknown } | null)?.outcome === 'unknown'
