/** What a touch is credited by. */
export const DIMENSIONS = ['channel', 'source_medium', 'platform', 'campaign', 'ad'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** One touch; where something is not known, say so by a key of its own (`(none)`), never by leaving the touch out. */
export interface Touch extends Readonly<Record<Dimension, string>> {
  /** UTC microseconds. */
  readonly at: number
}

/** Touches of one person in order of time, up to a conversion or to the end of the look-back. */
export interface Journey {
  /** At least one. */
  readonly touches: readonly Touch[]
  /** UTC microseconds: when it converted, or was given up. */
  readonly closedAt: number
  /** What the closing brought: 1 as a rule, more where one session buys twice; 0: it did not convert. */
  readonly conversions: number
  /** Null: not known. */
  readonly valueMicros: number | null
}

const US_A_DAY = 86_400_000_000

/** Of each touch, how long before the end it was. */
export function daysBefore({ touches, closedAt }: Journey): number[] {
  return touches.map(({ at }) => (closedAt - at) / US_A_DAY)
}

/** @throws RangeError: says what is wrong with it, and where */
export function checkJourney({ touches, closedAt, conversions, valueMicros }: Journey): void {
  const wrong = (why: string) => new RangeError(`a journey closed at ${closedAt} ${why}`)
  if (touches.length === 0) throw wrong('has no touches')
  if (!Number.isSafeInteger(conversions) || conversions < 0)
    throw wrong(`has ${conversions} conversions: a whole number from 0 up`)
  if (valueMicros !== null && (!Number.isSafeInteger(valueMicros) || valueMicros < 0))
    throw wrong(`is worth ${valueMicros} micros: a whole number from 0 up, or null`)
  if (valueMicros !== null && valueMicros > 0 && conversions === 0)
    throw wrong(`is worth ${valueMicros} micros without a conversion`)
  let last = Number.NEGATIVE_INFINITY
  for (let i = 0; i < touches.length; i++) {
    const { at } = touches[i]!
    if (!(at >= last && at <= closedAt))
      throw wrong(`has touch ${i + 1} at ${at}: touches are in order of time`)
    last = at
  }
}
