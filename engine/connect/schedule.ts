import { hash } from 'node:crypto'
import { Cron } from 'croner'
import { messageOf, StratumError } from '../errors.ts'

/** When a connection is read: `every 15m`, a cron expression (`5 6 * * *`) in its zone, or `manual`. */
export interface Schedule {
  readonly text: string
  /** The first time after one, UTC microseconds; null: only when it is asked for. */
  after(time: number): number | null
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const SECOND_US = 1_000_000
const SHORTEST_SECONDS = 10
/** Jitter is this part of the time between two runs, and no more than five minutes. */
const JITTER = 0.1
const LONGEST_JITTER_US = 300 * SECOND_US

/**
 * @param name whose schedule it is: connections with the same schedule begin at different times, each always at its own
 * @throws StratumError CONFIG_INVALID
 */
export function parseSchedule(text: string, zone: string, name: string): Schedule {
  const trimmed = text.trim()
  if (trimmed === 'manual') return { text: trimmed, after: () => null }
  const every = /^every (\d+) ?([smhd])$/.exec(trimmed)
  if (every) {
    const seconds = Number(every[1]) * UNITS[every[2]!]!
    if (seconds < SHORTEST_SECONDS) throw invalid(text, `no more often than every ${SHORTEST_SECONDS}s`)
    const between = seconds * SECOND_US
    const offset = jitter(name, between)
    // On a grid, so that a restart does not move it.
    const after = (time: number) => (Math.floor((time - offset) / between) + 1) * between + offset
    return { text: trimmed, after }
  }
  let cron: Cron
  try {
    cron = new Cron(trimmed, { timezone: zone, paused: true })
    if (cron.nextRun() === null) throw new Error('it never comes')
  } catch (error) {
    throw invalid(text, messageOf(error).replace(/\.$/, ''))
  }
  const next = (ms: number) => cron.nextRun(new Date(ms))
  return {
    text: trimmed,
    after(time) {
      const first = next(Math.floor(time / 1000))
      if (first === null) return null
      const second = next(first.getTime())
      const between = second === null ? LONGEST_JITTER_US * 10 : (second.getTime() - first.getTime()) * 1000
      const at = first.getTime() * 1000 + jitter(name, between)
      if (at > time) return at
      return second === null ? null : second.getTime() * 1000 + jitter(name, between)
    },
  }
}

function jitter(name: string, betweenUs: number): number {
  const part = Number.parseInt(hash('sha256', name, 'hex').slice(0, 8), 16) / 2 ** 32
  return Math.floor(part * Math.min(LONGEST_JITTER_US, JITTER * betweenUs))
}

const invalid = (text: string, why: string) =>
  new StratumError(
    'CONFIG_INVALID',
    `schedule "${text}": ${why}. Say \`every 15m\` (s, m, h, d), a cron expression as \`5 6 * * *\`, or \`manual\``,
  )
