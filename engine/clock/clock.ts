/** Wall time in UTC microseconds. Only the ends of the system ask it: connectors, the ticker, the API. */
export interface Clock {
  (): number
  /** Where it stands, of a clock that stands still. */
  readonly fixed?: number
}

export const systemClock: Clock = () => Date.now() * 1000

/** A clock that stands still, so that two runs of the same input write the same bytes. */
export function fixedClock(instant: string): Clock {
  const fixed = Date.parse(instant) * 1000
  return Object.assign(() => fixed, { fixed })
}
