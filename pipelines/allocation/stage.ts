import { canonical } from '../../engine/canonical.ts'
import type { Tick } from '../../engine/clock/tick.ts'
import { deterministicId } from '../../engine/codec/ids.ts'
import { minorDigits } from '../../engine/currency.ts'
import { stage, type TickContext } from '../../engine/stage/stage.ts'
import { autopilotSettings } from '../autopilot/settings/policies.ts'
import type { AllocationOffer } from '../rules/model/subject.ts'
import type { SettingsChanged } from '../settings/kinds.ts'
import type { Platform } from '../signals/platform.ts'
import type { PlatformGate } from '../trust/handed.ts'
import { type Answered, answered, type Fitted } from './fitted.ts'
import { offerMadeKind, type WeeksTold } from './handed.ts'
import { ALLOCATION_TOPIC, allocationKind, responseCurveKind } from './kinds.ts'
import { type Portfolio, portfoliosOf } from './model/portfolio.ts'
import type { Candidate } from './model/propose.ts'
import { lastDayOf, lastSettledWeek } from './model/weeks.ts'
import { allocationSettings } from './settings.ts'

interface InForce {
  readonly version: number
  readonly text: string
}

interface State {
  /** Number of the hour whose campaigns were looked at last. */
  hour: number
  /** When curves were fitted last, UTC microseconds; and to which rows, and what else there was. */
  fittedAt: number
  rows: string
  asked: string
  revision: number
  allocation: InForce
  autopilot: InForce
  gates: Partial<Record<Platform, Candidate['gate']>>
  /** Campaigns of the hour while their tick lasts: none are kept. */
  told: WeeksTold[]
}

const noState = (): State => ({
  hour: 0,
  fittedAt: 0,
  rows: '',
  asked: '',
  revision: 0,
  allocation: { version: 0, text: '{}' },
  autopilot: { version: 0, text: '{}' },
  gates: {},
  told: [],
})

const DAY_US = 86_400_000_000
const HOUR_US = 3_600_000_000
/** An offer outlives the week that it was made for by a day. */
const OFFERED_FOR_US = 8 * DAY_US

/**
 * The best split of what a tenant's campaigns spend: fitted when another week has settled, campaigns came or went, or
 * gates and settings changed, at most once an hour; and once a day while platforms restate settled weeks, or when an ingest ends. It proposes: what
 * is clear enough is offered to rules, and nothing is written anywhere else.
 */
export const allocation = stage({
  name: 'allocation',
  version: 1,
  key: (r: { readonly tenant_id: string }) => [r.tenant_id],
  state: { version: 1, empty: noState },
  on: {
    settings_changed(state: State, { subject, version, text }: SettingsChanged, ctx) {
      if (subject !== 'allocation' && subject !== 'autopilot') return ctx.unchanged()
      state[subject] = { version, text }
    },
    platform_gate(state: State, { platform, decisions }: PlatformGate, ctx) {
      const gate = decisions.all.risk_increasing.final
      if (state.gates[platform] === gate) return ctx.unchanged()
      state.gates[platform] = gate
    },
    campaign_weeks_told(state: State, told: WeeksTold, ctx) {
      // One that came within an hour that was looked at comes again in the next, with all the others.
      if (told.hour <= state.hour && !told.isFinal) return ctx.unchanged()
      state.told.push(told)
    },
  },
  ticks: 'touched',
  tick(state: State, tick, ctx) {
    const { told } = state
    if (told.length === 0) return ctx.unchanged()
    state.told = []
    state.hour = Math.max(state.hour, told[0]!.hour)
    const now = state.hour * HOUR_US
    const week = lastSettledWeek(now)
    const settings = allocationSettings(state.allocation.text)
    const unitOf = (currency: string) => 10 ** (6 - minorDigits(currency))
    const portfolios = portfoliosOf(told, { week, gates: state.gates, told: settings, unitOf })
    if (!isDue(state, portfolios, week, tick.final ? Number.POSITIVE_INFINITY : now)) return
    state.revision++
    state.fittedAt = now
    const { max_daily_budget_increase_pct } = autopilotSettings(state.autopilot.version, state.autopilot.text)
    for (const portfolio of portfolios) {
      const asked = {
        dailyLimit: Math.min(max_daily_budget_increase_pct / 100, MOST_DAILY),
        margin: settings.margin,
        seed: `${tick.tenant_id} ${week}`,
        unit: unitOf(portfolio.currency ?? ''),
      }
      write(answered(portfolio, asked), portfolio, { state, tick, week, now }, ctx)
    }
  },
})

/** Spends never come to nothing, nor to more than double (allocation.md §3). */
const MOST_DAILY = 0.5

/** Whether there is anything new, in place. */
function isDue(state: State, portfolios: readonly Portfolio[], week: number, now: number): boolean {
  const candidates = portfolios.flatMap(({ members }) => members.map(({ candidate }) => candidate))
  const { gates, allocation, autopilot } = state
  const names = candidates.map(({ history }) => history.campaign)
  const asked = deterministicId(canonical({ week, names, gates, allocation, autopilot }))
  // Made here in one order of fields, and five times as fast as in a canonical one.
  const rows = deterministicId(JSON.stringify(candidates))
  const isDue = asked !== state.asked || (rows !== state.rows && now >= state.fittedAt + DAY_US)
  if (isDue) Object.assign(state, { asked, rows })
  return isDue
}

interface Fit {
  readonly state: State
  readonly tick: Tick
  readonly week: number
  readonly now: number
}

function write(
  { made, row, curves }: Answered,
  { goal, currency, members }: Portfolio,
  { state, tick, week, now }: Fit,
  ctx: TickContext,
): void {
  const { tenant_id, event_time, ingest_time } = tick
  const { revision } = state
  const allocation_id = deterministicId(tenant_id, goal, currency, 'allocation', revision)
  const base = { tenant_id, event_time, ingest_time }
  const common = { ...base, allocation_id, revision, settled_until: lastDayOf(week) }
  ctx.emit(ALLOCATION_TOPIC, allocationKind, { ...row, ...common, event_id: allocation_id }, [tenant_id])
  const fitted = new Map(curves.map(one => [one.member.entity, one]))
  for (const { row, member } of curves) {
    const event_id = deterministicId(allocation_id, member.entity)
    const key = [tenant_id, member.entity]
    ctx.emit(ALLOCATION_TOPIC, responseCurveKind, { ...row, ...common, event_id }, key)
  }
  const split = made && 'lines' in made && made.isProposed ? made : null
  for (const { entity, campaign } of members)
    ctx.hand(offerMadeKind, {
      ...base,
      event_id: deterministicId(allocation_id, entity, 'offer'),
      subject: campaign.subject!,
      offer:
        split && offerOf(fitted.get(entity)!, split.gain.probability!, allocation_id, now + OFFERED_FOR_US),
    })
}

/** Null: nothing of its budget changes. */
const offerOf = (
  { row }: Fitted,
  gain_probability: number,
  allocation_id: string,
  until: number,
): AllocationOffer | null =>
  row.proposed_budget_micros === null || row.budget_micros === null
    ? null
    : {
        allocation_id,
        before_micros: row.budget_micros,
        budget_micros: row.proposed_budget_micros,
        gain_probability,
        evidence: row.evidence as AllocationOffer['evidence'],
        until,
      }
