/**
 * Sliding windows shared by all processes: at most `calls` in any `perMs` milliseconds. A call is in every window from
 * before it is sent until the window's length after its answer, so that no window of the platform's can hold more.
 */
export interface Windows {
  /**
   * A place in every window, or at least how long to wait for one. Milliseconds. A place that is never answered (its
   * process died) counts as answered `leaseMs` from now.
   * @throws StratumError STORE_UNAVAILABLE: the cache is away
   */
  take(
    key: string,
    limits: readonly WindowLimit[],
    cost: number,
    leaseMs: number,
  ): Promise<{ readonly id: string } | { readonly waitMs: number }>
  /**
   * The call of that place was answered now. `pauseMs`: nobody takes a place for so long; `left`: what the platform
   * says is left of a window, where that is less than is known here.
   * @throws StratumError STORE_UNAVAILABLE: the place counts until its lease is over
   */
  answered(key: string, id: string, limits: readonly WindowLimit[], told?: Told): Promise<void>
}

/** At most `calls` (or points) in any `perMs` milliseconds. */
export interface WindowLimit {
  readonly calls: number
  readonly perMs: number
}

/** What a platform says of its limit. */
export interface Told {
  /** Nothing may be asked for so long. Milliseconds. */
  readonly pauseMs?: number
  /** So much is left of the windows of `perMs`: less than we think when others use the same limit. */
  readonly left?: readonly WindowLimit[]
}

/** A window a call as the scripts take them: two numbers each. */
export const flat = (windows: readonly WindowLimit[]): number[] =>
  windows.flatMap(({ calls, perMs }) => [calls, perMs])
