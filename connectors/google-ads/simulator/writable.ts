import { minorDigits } from '../../../plugins/money/index.ts'
import {
  adFlat,
  adName,
  adsetFlat,
  adsetName,
  budgetFlat,
  budgetName,
  campaignFlat,
  campaignName,
  type Flat,
} from './objects.ts'
import type { AccountNode } from './tree.ts'

/** What can be written through one service. */
export interface Service {
  /** How its resource is called in queries, in JSON, and in the change history. */
  readonly prefix: string
  readonly key: string
  readonly type: string
  /** Writable fields, and what they take. */
  readonly fields: Readonly<Record<string, 'status' | 'text' | 'budget' | 'bid'>>
  readonly canBeRemoved: boolean
  /** The resource before anything was written; null: there is none of that name. */
  readonly find: (node: AccountNode, name: string) => Flat | null
}

const found = <T>(
  things: readonly T[],
  nameOf: (thing: T) => string,
  flat: (thing: T) => Flat,
  name: string,
) => {
  const thing = things.find(t => nameOf(t) === name)
  return thing === undefined ? null : flat(thing)
}
const adsets = (node: AccountNode) => node.campaigns.flatMap(c => c.adsets)

export const SERVICES: Readonly<Record<string, Service>> = {
  campaigns: {
    prefix: 'campaign',
    key: 'campaign',
    type: 'CAMPAIGN',
    fields: {
      status: 'status',
      name: 'text',
      'target_cpa.target_cpa_micros': 'bid',
      'maximize_conversions.target_cpa_micros': 'bid',
    },
    canBeRemoved: true,
    find: (node, name) => found(node.campaigns, campaignName, campaignFlat, name),
  },
  campaignBudgets: {
    prefix: 'campaign_budget',
    key: 'campaignBudget',
    type: 'CAMPAIGN_BUDGET',
    fields: { amount_micros: 'budget', total_amount_micros: 'budget', name: 'text' },
    canBeRemoved: false,
    find: (node, name) => found(node.budgets, budgetName, budgetFlat, name),
  },
  adGroups: {
    prefix: 'ad_group',
    key: 'adGroup',
    type: 'AD_GROUP',
    fields: { status: 'status', name: 'text', cpc_bid_micros: 'bid', target_cpa_micros: 'bid' },
    canBeRemoved: true,
    find: (node, name) => found(adsets(node), adsetName, adsetFlat, name),
  },
  adGroupAds: {
    prefix: 'ad_group_ad',
    key: 'adGroupAd',
    type: 'AD_GROUP_AD',
    fields: { status: 'status' },
    canBeRemoved: true,
    find: (node, name) =>
      found(
        adsets(node).flatMap(s => s.ads),
        adName,
        adFlat,
        name,
      ),
  },
}

export interface Refusal {
  readonly category: string
  readonly code: string
  readonly message: string
}

const refusal = (category: string, code: string, message: string): Refusal => ({ category, code, message })

/** Why a field does not take a value; null: it does. */
export function refusalOf(
  service: Service,
  field: string,
  value: unknown,
  flat: Flat,
  currency: string,
): Refusal | null {
  const kind = service.fields[field]!
  if (kind === 'text')
    return typeof value === 'string' && value !== ''
      ? null
      : refusal('fieldError', 'REQUIRED', 'The field is required.')
  if (kind === 'status')
    return value === 'ENABLED' || value === 'PAUSED'
      ? null
      : refusal('requestError', 'INVALID_ENUM_VALUE', 'Enum value is not permitted.')
  // int64 is text by proto's JSON; a whole number is taken too.
  const text = String(value)
  if (!/^-?\d+$/.test(text)) return refusal('fieldError', 'INVALID_VALUE', `Invalid value '${text}'.`)
  if (BigInt(text) <= 0n)
    return kind === 'budget'
      ? refusal('campaignBudgetError', 'NEGATIVE_MONEY_AMOUNT', 'A money amount was negative.')
      : refusal('rangeError', 'TOO_LOW', 'Too low.')
  const unit = 10n ** BigInt(6 - minorDigits(currency))
  if (BigInt(text) % unit !== 0n)
    return kind === 'budget'
      ? refusal(
          'campaignBudgetError',
          'NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT',
          'A money amount was not a multiple of a minimum unit.',
        )
      : refusal(
          'currencyError',
          'VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT',
          'Value is not a multiple of the billable unit.',
        )
  const isTotal = flat['campaign_budget.period'] === 'CUSTOM_PERIOD'
  if (field === 'amount_micros' && isTotal)
    return refusal(
      'campaignBudgetError',
      'BUDGET_AMOUNT_MUST_BE_UNSET_FOR_CUSTOM_BUDGET_PERIOD',
      'Budget amount must be unset when BudgetPeriod is CUSTOM.',
    )
  if (field === 'total_amount_micros' && !isTotal)
    return refusal(
      'campaignBudgetError',
      'TOTAL_BUDGET_AMOUNT_MUST_BE_UNSET_FOR_BUDGET_PERIOD_DAILY',
      'Total budget amount must be unset when BudgetPeriod is DAILY.',
    )
  return null
}
