import { type Truth, truth } from '../../../../../plugins/simulator/world/truth/index.ts'
import { addDays, startOfDay } from '../../../../../plugins/sync/days.ts'

export const FIRST_DAY = '2026-01-05'

/** A small shop: fewer people, the same laws. */
export const small = (seed = 7, more: { readonly firstDay?: string; readonly zone?: string } = {}): Truth =>
  truth({ seed, firstDay: FIRST_DAY, peopleADay: 40, ...more })

export const days = (count: number, from = FIRST_DAY): string[] =>
  Array.from({ length: count }, (_, i) => addDays(from, i))

/** When everything of the days is known. UTC microseconds. */
export const LONG_AFTER = startOfDay('2027-01-01', 'UTC')
