import { addDays } from '../../../engine/clock/days.ts'
import type { Journey, Touch } from '../../attribution/model/journey.ts'
import { touchOf } from './keys.ts'
import type { Touched } from './touches.ts'

export interface Cutting {
  /** 0: no limit. */
  readonly lookbackDays: number
  /** Direct visits are left out of paths that have others. */
  readonly excludeDirect: boolean
}

/** What a person touched up to a conversion, or until nothing more came of it. */
export interface MadeJourney {
  /** Names it among those of a person: the first session in it. */
  readonly id: string
  /** Touches in order, as they are credited: at least one. */
  readonly touches: readonly Touch[]
  /** Touches in it, those included that are not credited. */
  readonly sessions: number
  /** Partition of people that its last touch comes from. */
  readonly part: number
  readonly startedAt: number
  /**
   * When the session that converts began, or when the look-back ends after the last touch: in the future, the journey
   * goes on until then if something comes. Null: it did not convert, and no look-back ends it.
   */
  readonly closedAt: number | null
  /** The day it counts on: of the session that converts, else of the end of the look-back, else of the last touch. */
  readonly date: string
  readonly convertedAt: number | null
  readonly conversions: number
  readonly valueMicros: number | null
  readonly currency: string | null
}

const DAY_US = 86_400_000_000
/** Micros that can be added exactly: what is worth more is a mistake of who sent it. */
const MOST_VALUE = 2 ** 52
const DIRECT = 'Direct'

/**
 * One person's touches, in order, cut into journeys; each touch is in exactly one. A session with purchases is the last
 * touch of its journey; all its purchases and what they brought count. What is longer ago than the look-back counts for
 * nothing any more: it is a journey of its own that did not convert, and so is all that nothing followed within it.
 */
export function journeysOf(touches: readonly Touched[], cutting: Cutting): MadeJourney[] {
  const made: MadeJourney[] = []
  let since: Touched[] = []
  const lookbackUs = cutting.lookbackDays === 0 ? Number.POSITIVE_INFINITY : cutting.lookbackDays * DAY_US
  const close = (some: readonly Touched[]) => {
    if (some.length > 0) made.push(journeyOf(some, cutting))
  }
  for (const touch of touches) {
    const last = since.at(-1)
    if (last && touch.started_at - last.started_at > lookbackUs) {
      close(since)
      since = []
    }
    since.push(touch)
    if (touch.purchases === 0) continue
    const inTime = since.findIndex(({ started_at }) => touch.started_at - started_at <= lookbackUs)
    close(since.slice(0, inTime))
    close(since.slice(inTime))
    since = []
  }
  close(since)
  return made
}

function journeyOf(some: readonly Touched[], { lookbackDays, excludeDirect }: Cutting): MadeJourney {
  const first = some[0]!
  const last = some.at(-1)!
  const others = excludeDirect ? some.filter(({ channel }) => channel !== DIRECT) : some
  const converts = last.purchases > 0
  const { value_micros: value } = last
  // Refunds larger than the sale leave nothing to share out.
  const valueMicros = converts && value !== null && value >= 0 && value <= MOST_VALUE ? value : null
  return {
    id: `${first.connector}/${first.session_key}`,
    touches: (others.length > 0 ? others : some).map(touchOf),
    sessions: some.length,
    part: last.part,
    startedAt: first.started_at,
    closedAt: converts
      ? last.started_at
      : lookbackDays === 0
        ? null
        : last.started_at + lookbackDays * DAY_US,
    date: converts || lookbackDays === 0 ? last.date : addDays(last.date, lookbackDays),
    convertedAt: converts ? last.converted_at : null,
    conversions: last.purchases,
    valueMicros,
    currency: valueMicros === null ? null : last.currency,
  }
}

/** Days from the first touch that counts to the session that converts; null: it did not. */
export const lagDays = ({ touches, closedAt, conversions }: MadeJourney): number | null =>
  conversions === 0 ? null : (closedAt! - touches[0]!.at) / DAY_US

/** As attribution takes it. */
export const attributable = ({ touches, closedAt, conversions, valueMicros }: MadeJourney): Journey => ({
  touches,
  closedAt: closedAt ?? touches.at(-1)!.at,
  conversions,
  valueMicros,
})
