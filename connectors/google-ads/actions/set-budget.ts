import { action } from '../../../plugins/actions/action.ts'
import { BudgetParams } from '../../../plugins/actions/params.ts'
import { configError } from '../../../plugins/errors.ts'
import { fromMicros } from '../../../plugins/money/index.ts'
import { BUDGET_FIELDS, type Budget, budgetOf } from '../budget.ts'
import type { Context } from '../context.ts'
import { needed } from '../fields.ts'
import { amountText, read, targetOf } from './target.ts'

interface BudgetState extends Budget {
  readonly customer: string
  readonly currency: string
}

/** On the wire. */
const WIRE = { amount_micros: 'amountMicros', total_amount_micros: 'totalAmountMicros' } as const

export const setBudget = action({
  title: 'Set the budget of a campaign',
  params: BudgetParams,
  async read(context: Context & { readonly params: BudgetParams }): Promise<BudgetState> {
    const { level, id } = context.params
    if (level === 'adset')
      throw configError('ad groups have no budget on Google Ads: their campaign has it', '/level')
    const { customer, row } = await targetOf(context, 'campaign', id, [BUDGET_FIELDS])
    return read(() => ({ ...budgetOf(row), customer, currency: needed(row, 'customer.currencyCode') }))
  },
  inForce: ({ micros, kind, currency }) => ({ budget_micros: micros, kind, currency }),
  wanted({ id, budget_micros, currency }, current): BudgetState {
    const { resource, isShared, campaigns, micros } = current
    if (resource === null) throw configError(`campaign ${id} has no budget`, '/id')
    if (isShared)
      throw configError(
        `campaign ${id} spends the shared budget ${resource.split('/').at(-1)}${ofCampaigns(campaigns)}${
          micros === null ? '' : `, ${fromMicros(micros)} ${current.currency}`
        }: changing it would move the others too. Give the campaign a budget of its own in Google Ads first`,
        '/id',
      )
    amountText(budget_micros, currency, current.currency, '/budget_micros')
    return { ...current, micros: budget_micros }
  },
  write({ client, params }, { customer, resource, field, currency }) {
    const amount = amountText(params.budget_micros, params.currency, currency, '/budget_micros')
    return client.update(
      customer,
      'campaignBudgets',
      { resourceName: resource, [WIRE[field]]: amount },
      field,
    )
  },
})

const ofCampaigns = (n: number | null): string => (n === null || n < 2 ? '' : ` of ${n} campaigns`)
