import { LEVELS, type Level, type Subject, type SubjectView } from '../../rules/model/subject.ts'
import type { ActionType } from '../../trust/model/actions.ts'

/** What an action writes: a value that is absolute, and the one that it takes the place of. */
export interface Change {
  readonly type: ActionType
  readonly field: 'status' | 'budget' | 'bid'
  /** Micros of the account's currency, or a status. */
  readonly before: number | string
  readonly after: number | string
  readonly currency: string | null
}

const LEVEL_OF: Readonly<Record<string, Level>> = { CAMPAIGN: 'campaign', ADSET: 'adset', CREATIVE: 'ad' }

/** The level a type of action is about; null: it may be about several. */
export const levelOf = (type: ActionType): Level | null => LEVEL_OF[type.split('_')[0]!] ?? null

export const fieldOf = (type: ActionType): Change['field'] =>
  type.startsWith('BUDGET') ? 'budget' : type.startsWith('BID') ? 'bid' : 'status'

/** What a field is now; null: not known. */
export const presentOf = (
  view: Pick<SubjectView, 'status' | 'budget_micros' | 'bid_micros'>,
  field: Change['field'],
): number | string | null =>
  field === 'status' ? view.status : field === 'budget' ? view.budget_micros : view.bid_micros

/**
 * An amount as an account holds it: whole minor units, and never further from what is there than it was; null: nothing is
 * left of the change. Platforms refuse parts of a unit.
 * @param unit micros of a minor unit
 */
export function inUnits(change: Change, unit: number): Change | null {
  const { before, after } = change
  if (typeof before !== 'number' || typeof after !== 'number') return change
  const isMore = after > before
  const whole = (isMore ? Math.floor(after / unit) : Math.ceil(after / unit)) * unit
  return (isMore ? whole <= before : whole >= before) ? null : { ...change, after: whole }
}

/** The type that writes back what an action has changed. */
export function reverseOf(type: ActionType): ActionType {
  const [what, how] = type.split('_') as [string, string]
  const other = { INCREASE: 'DECREASE', DECREASE: 'INCREASE', PAUSE: 'ENABLE', ENABLE: 'PAUSE' }[how]!
  return `${what}_${other}` as ActionType
}

/** `meta:a1:c1` as what it names; null: it names nothing. */
export function subjectOf(entity: string): Subject | null {
  const [platform, account_id, campaign_id, adset_id, ad_id, ...rest] = entity.split(':')
  const ids = [account_id, campaign_id, adset_id, ad_id]
  const depth = ids.indexOf(undefined)
  const level = LEVELS[depth === -1 ? LEVELS.length - 1 : depth]!
  if (!platform || rest.length > 0 || ids.some(id => id === '')) return null
  return {
    platform: platform as Subject['platform'],
    level,
    account_id: account_id ?? null,
    campaign_id: campaign_id ?? null,
    adset_id: adset_id ?? null,
    ad_id: ad_id ?? null,
  }
}

/** The id of its own. */
export const idOf = ({
  account_id,
  campaign_id,
  adset_id,
  ad_id,
}: Pick<Subject, 'account_id' | 'campaign_id' | 'adset_id' | 'ad_id'>): string =>
  ad_id ?? adset_id ?? campaign_id ?? account_id ?? ''
