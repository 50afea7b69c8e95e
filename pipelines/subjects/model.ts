import { addDays, todayIn } from '../../engine/clock/days.ts'
import type { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import { type Measures, restated } from '../ad-metrics/model.ts'
import {
  type AllocationOffer,
  DAYS_KEPT,
  type DayFigures,
  entityOf,
  FIGURES,
  LEVELS,
  type Subject,
  type SubjectView,
} from '../rules/model/subject.ts'

/** What is known of one subject. Plain JSON. */
export interface SubjectState {
  subject: Subject | null
  name: string | null
  status: string | null
  budget_micros: number | null
  budget_kind: 'daily' | 'lifetime' | null
  /** The day its platform last said how it stands, and the budget that day began with. */
  midnight: { readonly day: string; readonly budget_micros: number | null }
  bid_micros: number | null
  offer: AllocationOffer | null
  /** Of its money; null: not known, or of more than one. */
  currency: string | null
  isMixed: boolean
  zone: string
  /** When its platform said how it stands, UTC microseconds. */
  standsAt: number
  days: Record<string, DayFigures>
  watermark: number | null
  offset: number | null
  /** When the newest record of it was read, UTC microseconds. Ticks pass without being written down. */
  now: number
}

export const noSubject = (): SubjectState => ({
  subject: null,
  name: null,
  status: null,
  budget_micros: null,
  budget_kind: null,
  midnight: { day: '', budget_micros: null },
  bid_micros: null,
  offer: null,
  currency: null,
  isMixed: false,
  zone: 'UTC',
  standsAt: 0,
  days: {},
  watermark: null,
  offset: null,
  now: 0,
})

/** In the order of levels: what contains others comes before them at a tick. */
export const keyOf = (tenant: string, subject: Subject): string[] => [
  tenant,
  String(LEVELS.indexOf(subject.level)),
  entityOf(subject),
]

/** Takes in what changed of a part's day, in place. Whether it is of a day that rules may look at. */
export function takeFigures(
  state: SubjectState,
  subject: Subject,
  date: string,
  asOf: number,
  before: Readonly<Measures> | null,
  after: Readonly<Measures>,
): boolean {
  state.subject = subject
  takeCurrency(state, after.currency)
  state.watermark = Math.max(state.watermark ?? asOf, asOf)
  if (date < addDays(todayIn(state.zone, state.now), -DAYS_KEPT)) return false
  const day = state.days[date]
  const sums = FIGURES.map(
    name => [name, restated(day?.[name] ?? null, before?.[name], after[name])] as const,
  )
  state.days[date] = Object.fromEntries(sums) as unknown as DayFigures
  return true
}

/** Takes in what its money is, in place. */
export function takeCurrency(
  state: Pick<SubjectState, 'currency' | 'isMixed'>,
  currency: string | null,
): void {
  if (currency === null || currency === state.currency) return
  if (state.currency === null && !state.isMixed) state.currency = currency
  else {
    // Sums of several currencies are no money.
    state.currency = null
    state.isMixed = true
  }
}

/** Takes in how it stands, in place; false: something newer is known. */
export function takeStands(state: SubjectState, subject: Subject, entity: AdEntityRecord): boolean {
  if (entity.as_of < state.standsAt) return false
  state.subject = subject
  state.standsAt = entity.as_of
  state.name = entity.name
  state.status = entity.status
  if (entity.zone !== null) state.zone = entity.zone
  const day = todayIn(state.zone, state.now)
  if (state.midnight.day !== day)
    state.midnight = { day, budget_micros: state.budget_micros ?? entity.budget_micros }
  state.budget_micros = entity.budget_micros
  state.budget_kind = entity.budget_kind as SubjectState['budget_kind']
  state.bid_micros = entity.bid_micros
  takeCurrency(state, entity.currency)
  return true
}

/** Forgets days that no rule looks at any more, in place; whether there were any. */
export function forgetDays(state: SubjectState, now: number): boolean {
  const oldest = addDays(todayIn(state.zone, now), -DAYS_KEPT)
  const old = Object.keys(state.days).filter(date => date < oldest)
  for (const date of old) delete state.days[date]
  return old.length > 0
}

/** @param now UTC microseconds */
export function viewOf(state: SubjectState, subject: Subject, now: number): SubjectView {
  const today = todayIn(state.zone, now)
  return {
    subject,
    name: state.name,
    status: state.status,
    budget_micros: state.budget_micros,
    budget_kind: state.budget_kind,
    budget_at_midnight_micros:
      state.midnight.day === today ? state.midnight.budget_micros : state.budget_micros,
    bid_micros: state.bid_micros,
    ...offerIn(state, now),
    currency: state.currency,
    zone: state.zone,
    now,
    today,
    days: state.days,
    watermark: state.watermark,
    offset: state.offset,
  }
}

/** An offer that still starts from what the campaign has. */
function offerIn(
  { offer, budget_micros, budget_kind }: SubjectState,
  now: number,
): { offer?: AllocationOffer } {
  const isInForce = offer !== null && now < offer.until && budget_kind === 'daily'
  return isInForce && offer.before_micros === budget_micros ? { offer } : {}
}
