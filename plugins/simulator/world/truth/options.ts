export interface TruthOptions {
  readonly seed: number
  /** `YYYY-MM-DD`: the first day that anything is told of. What a day holds does not depend on it. */
  readonly firstDay: string
  /** IANA; of the shop, its property and its ad accounts. */
  readonly zone: string
  /** ISO 4217. */
  readonly currency: string
  /** Who come for the first time on a mean day of 2026, before weekday and trend. */
  readonly peopleADay: number
}

/** Of a shop whose size nobody named. */
export const USUAL_PEOPLE = 180

export const truthOptions = (given: Partial<TruthOptions> & { readonly firstDay: string }): TruthOptions => ({
  seed: 7,
  zone: 'America/New_York',
  currency: 'USD',
  peopleADay: USUAL_PEOPLE,
  ...given,
})
