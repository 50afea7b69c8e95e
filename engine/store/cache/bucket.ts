import type { Limit, Taken } from './port.ts'

/** A token bucket: what was in it when it was last looked at (UTC microseconds). */
export interface Bucket {
  readonly tokens: number
  readonly at: number
}

/** The bucket now. A clock that goes back brings none. `scripts.ts` computes the same, in the same order. */
export function filled(bucket: Bucket | null, now: number, { perSecond, burst }: Limit): Bucket {
  if (bucket === null) return { tokens: burst, at: now }
  const passed = Math.max(0, now - bucket.at)
  return {
    tokens: Math.min(burst, bucket.tokens + (passed * perSecond) / 1_000_000),
    at: Math.max(now, bucket.at),
  }
}

/** Takes `n` out of a bucket that is filled, if it has as many. */
export function drawn(bucket: Bucket, n: number): { allowed: boolean; bucket: Bucket } {
  const allowed = bucket.tokens >= n
  return { allowed, bucket: allowed ? { ...bucket, tokens: bucket.tokens - n } : bucket }
}

export function taken(
  { tokens, at }: Bucket,
  allowed: boolean,
  n: number,
  { perSecond, burst }: Limit,
  isLocal: boolean,
): Taken {
  const msUntil = (wanted: number) => Math.max(0, Math.ceil(((wanted - tokens) / perSecond) * 1000))
  return {
    allowed,
    remaining: tokens,
    retryAfterMs: allowed ? 0 : n > burst ? null : msUntil(n),
    resetMs: msUntil(burst),
    at,
    isLocal,
  }
}
