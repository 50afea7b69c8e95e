/** How a stream is read piece by piece and remembered. */
export { byDay, type DaySlice, type DayState } from './by-day.ts'
export { byTime, type TimeSlice, type TimeState } from './by-time.ts'
export { type Cursor, PositionLost } from './cursor.ts'
export { addDays, dayIn, daysBetween, startOfDay, withOffset } from './days.ts'
export { type EachState, each, type PartSlice } from './each.ts'
export { type FullState, full } from './full.ts'
