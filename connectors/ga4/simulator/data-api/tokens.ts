import { PlatformLimits } from '../../../../plugins/simulator/limits.ts'

export interface TokenOptions {
  readonly perHour: number
  readonly perDay: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** What a report costs: a little, and more for many rows. */
export const costOf = (rows: number): number => 10 + Math.ceil(rows / 1000)

/** Tokens of the property, counted as GA4 does: what is over them is refused. */
export class PropertyTokens {
  readonly limits: PlatformLimits
  readonly #options: TokenOptions
  #last = 0

  /** @param now UTC microseconds */
  constructor(options: TokenOptions, now: () => number) {
    const { perHour, perDay } = options
    this.#options = options
    this.limits = new PlatformLimits(
      [
        { calls: perHour, perMs: HOUR_MS },
        { calls: perDay, perMs: DAY_MS },
      ],
      () => now() / 1000,
    )
  }

  /** Null: taken. Else the quota that is used up, in Google's words. */
  refuse(property: string, cost: number): string | null {
    if (this.limits.refuse(property, cost) === null) {
      this.#last = cost
      return null
    }
    const spent = this.limits.left(property, HOUR_MS) < cost ? 'hour' : 'day'
    return `Exhausted property tokens per ${spent}. These quota tokens will return in under one ${spent}.`
  }

  /** `propertyQuota` of an answer. */
  told(property: string) {
    const of = (perMs: number) => ({ consumed: this.#last, remaining: this.limits.left(property, perMs) })
    return {
      tokensPerDay: of(DAY_MS),
      tokensPerHour: of(HOUR_MS),
      tokensPerProjectPerHour: {
        consumed: this.#last,
        remaining: Math.max(0, of(HOUR_MS).remaining - Math.ceil(this.#options.perHour * 0.65)),
      },
      concurrentRequests: { consumed: 0, remaining: 10 },
      serverErrorsPerProjectPerHour: { consumed: 0, remaining: 10 },
      potentiallyThresholdedRequestsPerHour: { consumed: 0, remaining: 120 },
    }
  }
}
