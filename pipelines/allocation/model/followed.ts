import type { AdChangeRecord } from '../../../plugins/records/ad-change.ts'

/** Where people change budgets by hand, as change histories name it. */
const BY_HAND = /web|editor|bulk|mobile|manager|business/i
/** What says so although people can start it. */
const BY_ITSELF = /auto|rule|script|recommend|internal|api/i

/** Whether a change is of a campaign's budget. */
export const isOfBudget = ({ entity, field }: Pick<AdChangeRecord, 'entity' | 'field'>): boolean =>
  entity === 'campaign' && field !== null && /budget/i.test(field)

/**
 * Whether a change was made by the platform, a rule or a program, and not by somebody at a screen. Nobody named is the
 * platform itself.
 */
export const isFollowing = ({ client, actor }: Pick<AdChangeRecord, 'client' | 'actor'>): boolean =>
  client === null ? actor === null : BY_ITSELF.test(client) || !BY_HAND.test(client)
