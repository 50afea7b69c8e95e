import { configError, fatalError } from '../../../plugins/errors.ts'
import { isCurrency, MoneyError, minorDigits, toMinor } from '../../../plugins/money/index.ts'
import { RowError } from '../../../plugins/rows/index.ts'
import type { Json } from '../api/exact-json.ts'
import type { Context } from '../context.ts'
import { customerIds } from '../settings.ts'

/** What an action is about: its account, and its row. */
export interface Target {
  readonly customer: string
  readonly row: Json
}

const WORDS = { campaign: 'campaign', adset: 'ad group', ad: 'ad' } as const
export type Level = keyof typeof WORDS

const FROM = { campaign: 'campaign', adset: 'ad_group', ad: 'ad_group_ad' } as const
const RESOURCE = { campaign: 'campaign', adset: 'adGroup', ad: 'adGroupAd' } as const

/** How the API is told to write a level. */
export const SERVICE = { campaign: 'campaigns', adset: 'adGroups', ad: 'adGroupAds' } as const

/**
 * Finds a thing by its id in the accounts of the connection. An ad is `22`, or `11~22` where it stands in several ad
 * groups.
 * @throws config: it is no id, there are several; fatal: there is none
 */
export async function targetOf(
  { client, config }: Context,
  level: Level,
  id: string,
  fields: readonly string[],
): Promise<Target> {
  const customers = customerIds(config)
  const query = `SELECT ${['customer.currency_code', `${FROM[level]}.status`, ...fields].join(', ')} FROM ${FROM[level]} WHERE ${condition(level, id)}`
  const found: Target[] = []
  for (const customer of customers) {
    for (const row of await client.all(customer, query)) found.push({ customer, row })
    if (found.length > 0) break
  }
  const [target, other] = found
  if (target === undefined)
    throw fatalError(
      `there is no ${WORDS[level]} ${id} in ${customers.length === 1 ? 'account' : 'accounts'} ${customers.join(', ')}`,
    )
  if (other !== undefined)
    throw configError(`${id} is in several ad groups: name one as AD_GROUP~${id}`, '/id')
  return target
}

/** Ids are digits: nothing else gets into a query. */
function condition(level: Level, id: string): string {
  const [first, second, ...rest] = id.split('~')
  const isPair = second !== undefined
  if (rest.length > 0 || (isPair && level !== 'ad') || !/^\d+(~\d+)?$/.test(id))
    throw configError(`'${id.slice(0, 40)}' is no id of Google Ads`, '/id')
  if (level === 'campaign') return `campaign.id = ${first}`
  if (level === 'adset') return `ad_group.id = ${first}`
  return isPair ? `ad_group.id = ${first} AND ad_group_ad.ad.id = ${second}` : `ad_group_ad.ad.id = ${first}`
}

export const resourceOf = (level: Level): string => RESOURCE[level]

/** What cannot be read of something to be changed is no dead letter. */
export function read<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RowError)
      throw fatalError(`Google Ads says it in another way than it should: ${error.message}`)
    throw error
  }
}

/**
 * An amount as the API takes it: micros as text. It must be a whole number of the currency's smallest unit
 * (CurrencyError VALUE_NOT_MULTIPLE_OF_BILLABLE_UNIT).
 * @throws config
 */
export function amountText(micros: number, currency: string, accounts: string, path: string): string {
  if (currency !== accounts)
    throw configError(`${currency} is not the currency of the account: it is ${accounts}`, '/currency')
  if (!Number.isSafeInteger(micros) || micros <= 0)
    throw configError(`${micros} is no whole number of micros above 0`, path)
  if (isCurrency(currency) && minorDigits(currency) < 6)
    try {
      toMinor(micros, currency)
    } catch (error) {
      if (error instanceof MoneyError) throw configError(error.message, path)
      throw error
    }
  return String(micros)
}
