const DAY_US = 86_400_000_000

/**
 * The times of a simulated platform under the conformance kit: its clock goes on, and what it knows stands still at
 * `from` until history is restated, a day at a time. UTC microseconds.
 */
export function standing(from: number) {
  const begun = performance.now()
  let asOf = from
  return {
    now: () => from + Math.floor((performance.now() - begun) * 1000),
    asOf: () => asOf,
    restate() {
      asOf += DAY_US
    },
  }
}

/** What the kit orders of a platform that keeps its faults as these do. */
export function faultsOf(platform: {
  readonly tokens: { expireAll(): void }
  readonly faults: { forbidden: boolean; empty: boolean; drift: 'added' | 'retyped' | 'missing' | null }
}) {
  const { tokens, faults } = platform
  return {
    expireToken: () => tokens.expireAll(),
    forbid() {
      faults.forbidden = true
    },
    empty() {
      faults.empty = true
    },
    drift(kind: 'added' | 'retyped' | 'missing') {
      faults.drift = kind
    },
  }
}
