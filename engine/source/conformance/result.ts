/** How one check ended. */
export interface CheckResult {
  /** Its name, stable: `resume`, `server-error`. */
  readonly check: string
  /** What it holds the connector to, as a sentence. */
  readonly title: string
  readonly result: 'ok' | 'failed' | 'does not apply'
  /** Why it failed or does not apply; of one that went well, what was measured. One line. */
  readonly reason: string | null
  readonly ms: number
}

/** What a check found: the connector does not do what it should. One line, without credentials. */
export class Nonconformity extends Error {}

/** There is nothing this check could look at. */
export class Inapplicable extends Error {}

export function failed(reason: string): never {
  throw new Nonconformity(reason)
}

export function inapplicable(reason: string): never {
  throw new Inapplicable(reason)
}

export const count = (n: number, what: string, many = `${what}s`): string =>
  `${n.toLocaleString('en-US')} ${n === 1 ? what : many}`
