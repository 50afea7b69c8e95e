/** A session as journeys see it. Unknown is null. */
export interface Touched {
  /** The connector's id and the session's own: together they name it. */
  readonly connector: string
  readonly session_key: string
  /** Partition of people that it comes from. */
  readonly part: number
  /** YYYY-MM-DD in the property's zone, of its first event. */
  readonly date: string
  /** UTC microseconds. */
  readonly started_at: number
  readonly source: string | null
  readonly medium: string | null
  readonly campaign: string | null
  readonly channel: string
  readonly platform: string | null
  readonly campaign_id: string | null
  readonly ad_id: string | null
  readonly purchases: number
  readonly value_micros: number | null
  readonly currency: string | null
  /** UTC microseconds of the first purchase. */
  readonly converted_at: number | null
}

/** What the order of touches goes by. */
export type Placed = Pick<Touched, 'connector' | 'session_key' | 'started_at'>

/** By time; of the same microsecond by name, so that it does not matter which arrived first. */
export const byTime = (a: Placed, b: Placed): number =>
  a.started_at - b.started_at || order(a.connector, b.connector) || order(a.session_key, b.session_key)

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const sameSession = (
  a: Pick<Touched, 'connector' | 'session_key'>,
  b: Pick<Touched, 'connector' | 'session_key'>,
): boolean => a.session_key === b.session_key && a.connector === b.connector

/** Touches in order with one of them put in, or in the place of what was known of it. */
export function withTouch<T extends Placed>(touches: readonly T[], touch: T): T[] {
  const others = withoutTouch(touches, touch)
  let at = others.length
  while (at > 0 && byTime(others[at - 1]!, touch) > 0) at--
  others.splice(at, 0, touch)
  return others
}

export const withoutTouch = <T extends Placed>(
  touches: readonly T[],
  touch: Pick<Touched, 'connector' | 'session_key'>,
): T[] => touches.filter(other => !sameSession(other, touch))
