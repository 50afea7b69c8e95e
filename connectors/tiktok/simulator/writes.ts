import { minorDigits } from '../../../plugins/money/index.ts'
import type { AdAccount } from '../../../plugins/simulator/world/port.ts'
import { lockedMs } from '../actions/lock.ts'
import { invalid, ok, Refusal, type Told } from './answer.ts'
import type { Level, Node } from './entities.ts'
import type { Asked } from './params.ts'
import type { Platform } from './platform.ts'

/** Least daily budgets in USD (platforms.md §3.3: third party). */
const LEAST_USD = { campaign: 50, adgroup: 20 } as const
const STATUSES = ['ENABLE', 'DISABLE', 'DELETE']

/** `campaign/status/update/` and those of ad groups and ads. */
export function statusUpdate(level: Level) {
  return (platform: Platform, asked: Asked): Told => {
    const account = platform.advertiser(asked.needed('advertiser_id'))
    const field = `${level}_ids`
    const ids = asked.texts(field) ?? invalid(`${field}: Missing data for required field.`)
    if (ids.length < 1 || ids.length > 20) throw new Refusal(40011, `${field}: 1 to 20 ids`)
    const status = asked.needed('operation_status')
    if (!STATUSES.includes(status)) invalid('operation_status: Not a valid choice.')
    const isPartial = level === 'adgroup' && asked.flag('allow_partial_success')
    const changed: string[] = []
    const errors: Record<string, string>[] = []
    for (const id of ids)
      try {
        changeable(platform, account, level, id)
        changed.push(id)
      } catch (error) {
        if (!isPartial || !(error instanceof Refusal)) throw error
        errors.push({ [`${level}_id`]: id, error_message: error.message })
      }
    for (const id of changed) change(platform, id, 'operation_status', status)
    const data = { [field]: changed, status, ...(errors.length > 0 ? { error_list: errors } : {}) }
    return errors.length > 0 ? { code: 20001, message: 'Partial success', data } : ok(data)
  }
}

export function campaignUpdate(platform: Platform, asked: Asked): Told {
  const account = platform.advertiser(asked.needed('advertiser_id'))
  const id = asked.needed('campaign_id')
  changeable(platform, account, 'campaign', id)
  if (asked.value('budget') !== undefined)
    budgetChange(platform, account, 'campaign', id, asked.value('budget'))
  return ok({ campaign_id: id })
}

export function adgroupBudgetUpdate(platform: Platform, asked: Asked): Told {
  const account = platform.advertiser(asked.needed('advertiser_id'))
  const budgets = asked.objects('budget') ?? invalid('budget: Missing data for required field.')
  if (budgets.length < 1 || budgets.length > 20) throw new Refusal(40011, 'budget: 1 to 20 ad groups')
  for (const { adgroup_id, budget } of budgets)
    budgetChange(platform, account, 'adgroup', String(adgroup_id), budget)
  return ok({ adgroup_ids: budgets.map(one => one.adgroup_id) })
}

export function adgroupUpdate(platform: Platform, asked: Asked): Told {
  const account = platform.advertiser(asked.needed('advertiser_id'))
  const id = asked.needed('adgroup_id')
  const row = platform.entities.row(changeable(platform, account, 'adgroup', id))
  for (const field of ['bid_price', 'conversion_bid_price'] as const) {
    const bid = asked.value(field)
    if (bid === undefined) continue
    const right = row.billing_event === 'OCPM' ? 'conversion_bid_price' : 'bid_price'
    if (row.bid_type !== 'BID_TYPE_CUSTOM' || field !== right) invalid(`${field}: not for this bid strategy`)
    change(platform, id, field, payable(bid, field, account))
  }
  if (asked.value('budget') !== undefined)
    budgetChange(platform, account, 'adgroup', id, asked.value('budget'))
  return ok({ adgroup_id: id })
}

function budgetChange(
  platform: Platform,
  account: AdAccount,
  level: 'campaign' | 'adgroup',
  id: string,
  budget: unknown,
): void {
  const row = platform.entities.row(changeable(platform, account, level, id))
  if (row.budget_mode === 'BUDGET_MODE_INFINITE') invalid(`budget: ${id} has no budget of its own`)
  if (lockedMs(platform.options.now(), account.zone) > 0)
    invalid('budget: cannot be changed between 23:55 and 00:00 of the account time zone')
  const value = payable(budget, 'budget', account)
  const least = account.currency === 'USD' ? LEAST_USD[level] : 0
  if (value < least) invalid(`budget: must be at least ${least} ${account.currency}`)
  change(platform, id, 'budget', value)
}

/** A JSON number with no more decimals than the currency has. */
function payable(value: unknown, field: string, { currency }: AdAccount): number {
  if (typeof value !== 'number' || value <= 0) return invalid(`${field}: Not a valid number.`)
  const decimals = String(value).split('.')[1]?.length ?? 0
  return decimals <= minorDigits(currency)
    ? value
    : invalid(`${field}: at most ${minorDigits(currency)} decimals`)
}

/** @throws Refusal: 40007 there is none of the advertiser's, 40002 it was deleted */
function changeable(platform: Platform, account: AdAccount, level: Level, id: string): Node {
  const node = platform.entities.node(id)
  if (!node || node.level !== level || node.account.id !== account.id)
    throw new Refusal(40007, `${level} ${id} does not exist`)
  if (platform.entities.isDeleted(node)) invalid(`${level} ${id} was deleted`)
  return node
}

function change(platform: Platform, id: string, field: string, value: unknown): void {
  const before = platform.entities.row(platform.entities.node(id)!)[field]
  platform.changes.set(id, field, before, value, 'api')
}
