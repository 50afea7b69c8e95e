import { addDays, dayInUtc } from '../../engine/clock/days.ts'
import { type Tick, tickKind } from '../../engine/clock/tick.ts'
import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import { partitionOf } from '../../engine/log/partition.ts'
import { stage } from '../../engine/stage/stage.ts'
import { allPassed, type TimePassed, type Waiting } from '../journeys/passed.ts'
import { journeySettingsOf } from '../journeys/settings/check.ts'
import type { SettingsInForce } from '../settings/kinds.ts'
import type { Credit } from './kinds.ts'

/** Dimensions that models are fitted to: ads are too many for their paths to repeat. */
const FITTED = ['channel', 'source_medium', 'platform', 'campaign'] as const

/** The paths of a day are kept in so many parts: a part is read and written at once. */
const SHARDS = 16

/** What one journey brings one key, or takes back. Handed on inside the attribution task, as what follows. */
export interface CellChange extends BaseRecord {
  readonly date: string
  readonly dimension: string
  readonly key: string
  readonly part: string
  readonly counts: readonly number[]
  readonly currency: string | null
  readonly gone: boolean
}
export const cellChangeKind = defineKind<CellChange>('attribution_cell', [])

/** A journey by one dimension. */
export interface WayChange extends BaseRecord {
  readonly date: string
  readonly dimension: string
  readonly shard: string
  readonly path: readonly string[]
  readonly conversions: number
  readonly value_micros: number | null
  readonly currency: string | null
  readonly lag_days: number
  readonly gone: boolean
}
export const wayChangeKind = defineKind<WayChange>('attribution_way', [])

/** It is time to fit models anew. */
export interface Refit extends Tick {
  /** The last day of the window. */
  readonly day: string
  /** Paths of days before it are forgotten, or are to be. */
  readonly kept: string
  /** Settings of the tenant, JSON. */
  readonly settings: string
  readonly fit: number
}

interface State {
  version: number
  settings: string
  /** Credits seen. */
  seen: number
  /** Of them, when models were fitted last. */
  fitted: number
  /** Day that models were fitted to last. */
  day: string
  /** The first day whose paths are kept; '': all are. */
  kept: string
  /** Ticks that not all partitions of journeys have come past. */
  waiting: Waiting
}

/** Days behind the window whose paths are kept: what comes so late changes what models say of them. */
const LATE_DAYS = 30

/**
 * Takes credits apart by key and by path, and says when models are to be fitted: at ticks that every partition of journeys
 * has come past, on another day or when credits have come.
 */
export const given = stage({
  name: 'credits',
  version: 1,
  key: (r: { tenant_id: string }) => [r.tenant_id],
  state: {
    version: 1,
    empty: (): State => ({
      ...{ version: 0, settings: '{}', seen: 0, fitted: 0, day: '', kept: '', waiting: [] },
    }),
  },
  on: {
    settings(state: State, changed: SettingsInForce, ctx) {
      if (changed.version <= state.version) return ctx.unchanged()
      state.version = changed.version
      state.settings = changed.settings
      state.fitted = -1
    },
    credit(state: State, credit: Credit, ctx) {
      state.seen++
      const { tenant_id, event_id, event_time, ingest_time, date, currency, gone } = credit
      const base = { tenant_id, event_id, event_time, ingest_time, date, currency, gone }
      for (const [i, counts] of credit.counts.entries())
        ctx.hand(cellChangeKind, {
          ...base,
          dimension: credit.dimensions[i]!,
          key: credit.keys[i]!,
          part: credit.part,
          counts,
        })
      // A path that is not there cannot be taken off, and a part of a day is none.
      if (date < state.kept) return
      const { conversions, value_micros, lag_days } = credit
      for (const dimension of FITTED) {
        const path = credit.paths[dimension]!
        const shard = String(partitionOf(JSON.stringify(path), SHARDS))
        const way = { ...base, dimension, path, shard }
        ctx.hand(wayChangeKind, { ...way, conversions, value_micros, lag_days })
      }
    },
    time_passed(state: State, passed: TimePassed, ctx) {
      if (!allPassed(state.waiting, passed)) return
      const day = dayInUtc(passed.watermark)
      const isNewDay = day > state.day
      if (state.seen === 0 || (!isNewDay && state.seen === state.fitted)) return
      if (isNewDay) state.day = day
      state.fitted = state.seen
      const { settings } = state
      const from = addDays(state.day, 1 - journeySettingsOf(settings).markov.window_days - LATE_DAYS)
      if (from > state.kept) state.kept = from
      const { tenant_id, event_id, event_time, ingest_time, watermark, final } = passed
      const refit: Refit = {
        ...{ tenant_id, event_id, event_time, ingest_time, watermark, final },
        ...{ day: state.day, kept: state.kept, settings, fit: revisionOf(state) },
      }
      ctx.hand(tickKind, refit)
    },
  },
})

const DAY_MS = 86_400_000

/** Grows with every fit, whatever it was for: with what was seen, with the day, and with the settings. */
const revisionOf = ({ seen, day, version }: State): number => seen + Date.parse(day) / DAY_MS + version
