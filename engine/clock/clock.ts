/** Wall time in UTC microseconds. Only the ends of the system ask it: connectors, the ticker, the API. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now() * 1000

/** A clock that stands still, so that two runs of the same input write the same bytes. */
export function fixedClock(instant: string): Clock {
  const at = Date.parse(instant) * 1000
  return () => at
}
