import { chance } from '../../../plugins/simulator/random.ts'
import type { Call } from './call.ts'
import { invalid } from './refused.ts'
import { graphTime, type Shown } from './shown.ts'

const HOUR_US = 3_600_000_000
const MOST_HOURS = 7 * 24
const EVENTS = { PageView: 900, ViewContent: 300, AddToCart: 60, Purchase: 12 } as const
/** How often a match key comes with an event, at least; percent. */
const KEYS = { em: 40, ph: 15, fbp: 80, fbc: 20, external_id: 55, client_user_agent: 99 } as const

export type EventName = keyof typeof EVENTS
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[]
export const KEY_NAMES = Object.keys(KEYS) as (keyof typeof KEYS)[]

/** The pixel of an account. */
export const pixelIdOf = (account: string): string => `9${account}`

/** Events received in an hour. */
export const eventsIn = (seed: number, pixel: string, event: EventName, hour: number): number =>
  chance(seed, pixel, event, hour).between(0, EVENTS[event])

/** Of them with a key. */
export function withKey(
  seed: number,
  pixel: string,
  event: EventName,
  key: keyof typeof KEYS,
  hour: number,
): number {
  const share = Math.min(100, KEYS[key] + chance(seed, pixel, event, key).between(0, 10))
  return Math.floor((eventsIn(seed, pixel, event, hour) * share) / 100)
}

/** Meta's score of an event, 0 to 10 with one decimal. */
export const scoreOf = (seed: number, pixel: string, event: EventName): number =>
  chance(seed, pixel, event, 'score').between(30, 92) / 10

/** `GET /{pixel}/stats`: a row an hour. @throws Refused */
export function statsOf(call: Call, seed: number, pixel: string, now: number): Shown[] {
  const aggregation = call.params.aggregation ?? 'event'
  const end = seconds(call, 'end_time') ?? now
  const start = seconds(call, 'start_time') ?? end - 24 * HOUR_US
  const hours: Shown[] = []
  const first = Math.floor(start / HOUR_US)
  const last = Math.ceil(end / HOUR_US)
  if (last - first > MOST_HOURS) throw invalid('The time range of stats may be 7 days at most')
  for (let hour = first; hour < last; hour++)
    hours.push({
      start_time: graphTime(hour * HOUR_US, 'UTC'),
      aggregation,
      data: hourOf(aggregation, seed, pixel, hour),
    })
  return hours
}

function hourOf(aggregation: string, seed: number, pixel: string, hour: number): Shown[] {
  if (aggregation === 'event')
    return EVENT_NAMES.map(event => ({ value: event, count: eventsIn(seed, pixel, event, hour) }))
  if (aggregation === 'match_keys')
    return EVENT_NAMES.flatMap(event =>
      KEY_NAMES.map(key => ({ event, value: key, count: withKey(seed, pixel, event, key, hour) })),
    )
  throw invalid('aggregation must be one of the following values: event, match_keys')
}

/** `GET /dataset_quality?dataset_id=` */
export const datasetQuality = (seed: number, pixel: string): Shown => ({
  web: EVENT_NAMES.map(event => ({
    event_name: event,
    event_match_quality: {
      composite_score: scoreOf(seed, pixel, event),
      match_key_feedback: [{ identifier: 'email', coverage: { percentage: KEYS.em } }],
    },
    event_coverage: { percentage: 70, goal_percentage: 75 },
  })),
})

function seconds(call: Call, name: string): number | null {
  const text = call.params[name]
  if (text === undefined) return null
  if (!/^\d+$/.test(text)) throw invalid(`Param ${name} must be a Unix time`)
  return Number(text) * 1_000_000
}
