export interface ReplayWindow {
  /** How old a delivery may be. Milliseconds. */
  readonly pastMs: number
  /** How far its sender's clock may be ahead of ours. Milliseconds. */
  readonly futureMs: number
}

/**
 * Where the time of a delivery is: one that was listened to cannot be sent again after the window. What is no time is
 * `unreadable`, and must be refused as well.
 * @param sent as it came: epoch milliseconds in decimal digits
 * @param now UTC microseconds
 */
export function ageOf(
  sent: string,
  now: number,
  { pastMs, futureMs }: ReplayWindow,
): 'fresh' | 'stale' | 'future' | 'unreadable' {
  if (!/^\d{1,15}$/.test(sent)) return 'unreadable'
  const ageMs = now / 1000 - Number(sent)
  if (ageMs > pastMs) return 'stale'
  return ageMs < -futureMs ? 'future' : 'fresh'
}
