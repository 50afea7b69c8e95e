import { type StageContext, stage } from '../../engine/stage/stage.ts'
import { type Maker, tellDifferences } from './emit.ts'
import type { Anew, TouchInForce } from './in-force.ts'
import { journeysOf, type MadeJourney } from './model/journeys.ts'
import { letGo } from './model/let-go.ts'
import { byTime, type Placed, sameSession, type Touched, withoutTouch, withTouch } from './model/touches.ts'
import { journeySettingsOf } from './settings/check.ts'

interface State {
  touches: Touched[]
  /** Touches that began up to then are let go: their journeys stay as they are. */
  since: Placed | null
  /** Settings that the journeys were last made with, JSON. */
  settings: string
  /** Journeys written so far, those that went included. */
  written: number
}

/**
 * What each person touched up to a conversion. Every touch makes the journeys of its person anew; what comes out
 * otherwise than before is written again, and its credits are taken back first. An open journey is written as the null
 * that it is going to be on the day when its look-back ends: no clock is needed to end it.
 */
export const journeys = stage({
  name: 'journeys',
  version: 1,
  key: (r: { tenant_id: string; person_key: string }) => [r.tenant_id, r.person_key],
  state: {
    version: 1,
    empty: (): State => ({ touches: [], since: null, settings: '{}', written: 0 }),
  },
  on: {
    touch_in_force(state: State, touch: TouchInForce, ctx) {
      const touched = touchedOf(touch)
      if (state.since && byTime(touched, state.since) <= 0)
        return ctx.reject('the session began before all that are kept of its person: its journey is closed')
      const before = state.touches.find(other => sameSession(other, touched))
      if (touch.gone ? !before : before !== undefined && equal(before, touched)) return ctx.unchanged()
      const after = touch.gone ? withoutTouch(state.touches, touched) : withTouch(state.touches, touched)
      remake(state, after, touch.settings, touch, ctx)
    },
  },
  ticks: 'all',
  tick(state, tick, ctx) {
    const { settings } = tick as Anew
    if (settings === state.settings) return ctx.unchanged()
    const [tenant_id, person_key] = ctx.key as [string, string]
    remake(state, state.touches, settings, { tenant_id, person_key, ingest_time: tick.ingest_time }, ctx)
  },
})

/** Makes the journeys of other touches or settings, and writes what is different. */
function remake(
  state: State,
  touches: Touched[],
  settings: string,
  of: { readonly tenant_id: string; readonly person_key: string; readonly ingest_time: number },
  ctx: StageContext,
): void {
  const maker: Maker = {
    tenant_id: of.tenant_id,
    person_key: of.person_key,
    ingest_time: of.ingest_time,
    before: journeySettingsOf(state.settings),
    after: journeySettingsOf(settings),
    next: () => ++state.written,
  }
  const before = madeOf(state.touches, state.settings)
  const made = madeOf(touches, settings)
  const left = letGo(touches, made)
  const after = left.since ? [...made.slice(0, left.settled), ...madeOf(left.touches, settings)] : made
  tellDifferences(before, after, maker, ctx)
  state.since = left.since ?? state.since
  state.touches = left.touches
  state.settings = settings
}

function madeOf(touches: readonly Touched[], settings: string): MadeJourney[] {
  const { lookback_days: lookbackDays, exclude_direct: excludeDirect } = journeySettingsOf(settings)
  return journeysOf(touches, { lookbackDays, excludeDirect })
}

const touchedOf = (touch: TouchInForce): Touched => ({
  connector: touch.connector,
  session_key: touch.session_key,
  part: touch.part,
  date: touch.date,
  started_at: touch.started_at,
  source: touch.source,
  medium: touch.medium,
  campaign: touch.campaign,
  channel: touch.channel,
  platform: touch.platform,
  campaign_id: touch.campaign_id,
  ad_id: touch.ad_id,
  purchases: touch.purchases,
  value_micros: touch.value_micros,
  currency: touch.currency,
  converted_at: touch.converted_at,
})

const equal = (a: Touched, b: Touched): boolean =>
  (Object.keys(b) as (keyof Touched)[]).every(name => a[name] === b[name])
