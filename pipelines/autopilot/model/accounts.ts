import { addDays } from '../../../engine/clock/days.ts'
import { entityOf, type SubjectView } from '../../rules/model/subject.ts'

/** What limits are reckoned from: spend of accounts, what their entities may still spend, and what was changed. */
export interface Accounts {
  /** By `meta:a1`. */
  accounts: Record<string, Account>
  /** Campaigns and ad sets that are active, by entity. */
  active: Record<string, Active>
  /** Changes that were made, by account: ours and those of others. */
  changes: Record<string, Made[]>
}

export interface Account {
  readonly currency: string | null
  readonly zone: string
  /** Micros by day, of the last complete days and today. */
  readonly spend: Readonly<Record<string, number | null>>
  /** When its platform said so, UTC microseconds; null: never. */
  readonly watermark: number | null
}

export interface Active {
  readonly account: string
  readonly level: 'campaign' | 'adset'
  /** Null: it has none of its own. */
  readonly budget_micros: number | null
  readonly budget_kind: 'daily' | 'lifetime' | null
  /** Day it is about, in the account's zone, and what was spent on it. */
  readonly day: string
  readonly spent_micros: number | null
}

export interface Made {
  /** UTC microseconds. */
  readonly at: number
  /** `campaign:c1`. */
  readonly entity: string
  readonly isOurs: boolean
}

export const noAccounts = (): Accounts => ({ accounts: {}, active: {}, changes: {} })

/** Complete days of spend that are kept. */
const DAYS = 8
const CHANGES_KEPT_US = 8 * 86_400_000_000
/** A platform's history has our own changes too: one of the same entity about then is ours. */
const SAME_US = 600_000_000

export const accountOf = ({
  platform,
  account_id,
}: {
  platform: string
  account_id: string | null
}): string => `${platform}:${account_id}`

/** `campaign:c1`: what was changed, as histories name it: by its own id alone. */
export const changedOf = (level: string, id: string): string => `${level}:${id}`

/** Takes in how a subject is seen, in place; whether anything changed. */
export function takeView(state: Accounts, view: SubjectView): boolean {
  const { level } = view.subject
  if (level === 'account') return takeAccount(state, view)
  if (level === 'campaign' || level === 'adset') return takeActive(state, view, level)
  return false
}

function takeAccount(
  state: Accounts,
  { subject, currency, zone, today, days, watermark }: SubjectView,
): boolean {
  const from = addDays(today, -DAYS)
  const spend = Object.fromEntries(
    Object.entries(days)
      .filter(([date]) => date >= from)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([date, { spend_micros }]) => [date, spend_micros]),
  )
  return put(state.accounts, accountOf(subject), { currency, zone, spend, watermark })
}

function takeActive(state: Accounts, view: SubjectView, level: 'campaign' | 'adset'): boolean {
  const entity = entityOf(view.subject)
  if (view.status !== 'ACTIVE') {
    if (state.active[entity] === undefined) return false
    delete state.active[entity]
    return true
  }
  return put(state.active, entity, {
    account: accountOf(view.subject),
    level,
    budget_micros: view.budget_micros,
    budget_kind: view.budget_kind,
    day: view.today,
    spent_micros: view.days[view.today]?.spend_micros ?? null,
  })
}

function put<T>(all: Record<string, T>, name: string, value: T): boolean {
  const known = all[name]
  if (known !== undefined && JSON.stringify(known) === JSON.stringify(value)) return false
  all[name] = value
  return true
}

/** A change was made, in place. One of others that is ours seen again counts once. */
export function takeChange(state: Accounts, account: string, made: Made, now: number): void {
  const kept = (state.changes[account] ?? []).filter(({ at }) => at > now - CHANGES_KEPT_US)
  const isOursAgain =
    !made.isOurs &&
    kept.some(
      other => other.isOurs && other.entity === made.entity && Math.abs(other.at - made.at) <= SAME_US,
    )
  const isKnown = kept.some(other => other.at === made.at && other.entity === made.entity)
  state.changes[account] = isOursAgain || isKnown ? kept : [...kept, made]
}

/** How many campaigns of a tenant are active. */
export const activeCampaigns = (state: Accounts): number =>
  Object.values(state.active).filter(({ level }) => level === 'campaign').length

/** The currency of all accounts; null: none is known, or they are of several. */
export function currencyOf(state: Accounts): string | null {
  const all = new Set(Object.values(state.accounts).map(({ currency }) => currency))
  const [one] = all
  return all.size === 1 && one !== undefined ? one : null
}
