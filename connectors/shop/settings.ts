import { configError } from '../../plugins/errors.ts'
import { isCurrency } from '../../plugins/money/index.ts'
import { boolean, type FromSchema, integer, number, object, string } from '../../plugins/schema.ts'
import type { Traffic } from './model/session.ts'

export const Settings = object({
  seed: string({
    title: 'Seed',
    description: 'The same seed makes the same shop',
    default: 'stratum',
    minLength: 1,
  }),
  currency: string({ title: 'Currency (ISO 4217)', default: 'USD', pattern: '^[A-Z]{3}$' }),
  historyDays: integer({ title: 'Days of history', default: 90, minimum: 0, maximum: 730 }),
  sessionsPerDay: integer({ title: 'Visits a day, about', default: 170, minimum: 1, maximum: 50_000 }),
  live: boolean({ title: 'Goes on without end', default: false }),
  eventsPerSecond: number({
    title: 'Events a second while it goes on, about',
    default: 3,
    minimum: 0,
    maximum: 200,
  }),
})

export type Settings = FromSchema<typeof Settings>

/** What the schema cannot say. */
export function checkSettings({ currency }: Settings): void {
  if (!isCurrency(currency)) throw configError(`'${currency}' is not an ISO 4217 currency`, '/currency')
}

/** A visit has about this many events. */
const EVENTS_A_VISIT = 4.9

export function trafficOf(config: Settings, liveFrom: number | null): Traffic {
  return {
    seed: config.seed,
    sessionsPerDay: config.sessionsPerDay,
    extraPerMinute: (config.eventsPerSecond * 60) / EVENTS_A_VISIT,
    liveFrom: config.live ? liveFrom : null,
  }
}
