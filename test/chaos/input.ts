import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { generate, type Truth } from './generate.ts'
import { ROOT } from './life.ts'
import type { Options } from './options.ts'

/** What the program is to read, and with which settings. */
export interface Material {
  readonly title: string
  readonly path: string
  readonly env: Readonly<Record<string, string>>
  /** What has to come out; null where only the data itself can say. */
  readonly truth: Truth | null
}

const WEEK = join('..', 'shared', 'data', 'ga4')
const DAYS = { days: 3, sessionsPerDay: 900 }
/** Revisions and dead letters carry the time of reading: every run reads at the same. */
const NOW = { STRATUM_CLOCK__FIXED: '2026-01-15T12:00:00Z' }
/** Little data in small pieces, so that it, too, has many moments to be killed at. */
const SMALL_CUTS = { STRATUM_SINK__CUT_ROWS: '700', STRATUM_SINK__CUT_MS: '50' }

const weekIsThere = (): boolean => {
  const dir = join(ROOT, WEEK)
  return existsSync(dir) && readdirSync(dir).some(name => /^events_\d{8}\.parquet$/.test(name))
}

export function material({ input, seed }: Options, folder: string): Material {
  if (input === 'week' && !weekIsThere()) throw new Error(`${WEEK} is not there: use --input generated`)
  if (input === 'week' || (input === null && weekIsThere()))
    return { title: 'the week of ../shared/data/ga4', path: WEEK, env: NOW, truth: null }
  const path = join(folder, 'export')
  const truth = generate(path, { seed, ...DAYS })
  return { title: `${DAYS.days} generated days`, path, env: { ...NOW, ...SMALL_CUTS }, truth }
}
