import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StratumError } from '../engine/errors.ts'
import { addDays, dayIn } from '../plugins/sync/days.ts'

/** Days of history that are there when the demo is first started, that day included. */
export const HISTORY_DAYS = 90

const FILE = 'demo.json'
const DAY = /^\d{4}-\d{2}-\d{2}$/

/**
 * The first day of the demo's world: 90 days up to the day on which it was first started, and the same ever after,
 * since ids of contacts and deals count from it.
 *
 * @param now UTC microseconds @throws StratumError CONFIG_INVALID: what was kept is no day
 */
export function firstDayOf(dataDir: string, zone: string, now: number): string {
  const path = join(dataDir, FILE)
  const kept = read(path)
  if (kept !== null) return kept
  const firstDay = addDays(dayIn(zone, now), 1 - HISTORY_DAYS)
  writeFileSync(path, `${JSON.stringify({ first_day: firstDay })}\n`)
  return firstDay
}

function read(path: string): string | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const day = firstDayIn(text)
  if (day !== null) return day
  throw new StratumError(
    'CONFIG_INVALID',
    `${path} is no longer as the demo wrote it: {"first_day": "YYYY-MM-DD"}. Remove it to begin with today`,
  )
}

function firstDayIn(text: string): string | null {
  try {
    const { first_day: day } = JSON.parse(text) as { first_day?: unknown }
    return typeof day === 'string' && DAY.test(day) && !Number.isNaN(Date.parse(day)) ? day : null
  } catch {
    return null
  }
}
