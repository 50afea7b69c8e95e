/** Return codes (platforms.md §3.1). */
export const OK = 0
/** Some of what was asked was done: `data` says what. */
export const PARTIAL = 20001

export type CodeClass = 'throttled' | 'auth' | 'permission' | 'invalid' | 'retry'

const CODES: Readonly<Record<CodeClass, readonly number[]>> = {
  throttled: [40016, 40100, 40132, 40133],
  auth: [40102, 40104, 40105, 40106, 40110, 40113, 40115],
  permission: [40001, 40118, 40119, 40125],
  invalid: [40000, 40002, 40006, 40007, 40011, 40051],
  retry: [40201, 40202, 40700, 50000, 50002, 51305, 60001],
}

const CLASS = new Map<number, CodeClass>(
  Object.entries(CODES).flatMap(([name, codes]) => codes.map(code => [code, name as CodeClass] as const)),
)

/** A code that is not listed: from 50000 on it is the platform's own trouble, below that the request's. */
export const classOf = (code: number): CodeClass => CLASS.get(code) ?? (code >= 50_000 ? 'retry' : 'invalid')
