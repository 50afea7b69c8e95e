import { apportion } from './apportion.ts'
import { checkJourney, type Dimension, daysBefore, type Journey } from './journey.ts'
import { ADDITIVE_MODELS, type AdditiveModel, type Touches, weightsOf } from './weights.ts'

/** Parts of a conversion: credits are whole numbers of them, so that they add up, and can be taken off, exactly. */
export const UNITS = 1_000_000_000

/** What a tenant may choose of the models. */
export type SplitOptions = Pick<Touches, 'halfLifeDays' | 'position'>

/** What each touch of a journey is credited with. */
export interface Split {
  /** UNITS to a conversion. */
  readonly units: readonly number[]
  /** Null: the value of the journey is not known. */
  readonly micros: readonly number[] | null
}

/** Those models that look at nothing but the place and the time of touches. */
export const BY_TOUCH = ADDITIVE_MODELS.filter(model => model !== 'shapley')

/**
 * A journey's conversions and value, split over its touches in whole units by an additive model. Shapley splits over
 * *distinct* keys, so it depends on the dimension: the part of a key is at its first touch.
 * @throws RangeError: no journey, or more than 9 million conversions in it
 */
export function splitOf(
  journey: Journey,
  model: AdditiveModel,
  by: Dimension,
  options: SplitOptions = {},
): Split {
  checkJourney(journey)
  return splitBy(
    journey,
    model,
    journey.touches.map(touch => touch[by]),
    daysBefore(journey),
    options,
  )
}

/** The same where the journey was checked and its keys and days are there already. */
export function splitBy(
  { conversions, valueMicros }: Journey,
  model: AdditiveModel,
  keys: readonly string[],
  days: readonly number[],
  options: SplitOptions = {},
): Split {
  const weights = weightsOf(model, { keys, daysBefore: days, ...options })
  return {
    units: apportion(conversions * UNITS, weights),
    micros: valueMicros === null ? null : apportion(valueMicros, weights),
  }
}
