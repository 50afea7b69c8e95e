import { action } from '../../../plugins/actions/action.ts'
import { BudgetParams } from '../../../plugins/actions/params.ts'
import { configError } from '../../../plugins/errors.ts'
import type { Context } from '../context.ts'
import { budgetOf } from '../streams/entities.ts'
import { amount, change, readable, targetOf } from './target.ts'

/** What an object may spend, by day or in all. */
interface Budget {
  readonly budget_micros: number | null
  readonly kind: 'daily' | 'lifetime' | null
  readonly currency: string
  readonly account: string
}

export const setBudget = action({
  title: 'Set the budget of a campaign or ad set',
  params: BudgetParams,
  async read(context: Context & { readonly params: BudgetParams }): Promise<Budget> {
    const { level, id } = context.params
    const { row, account } = await targetOf(context, level, id, 'daily_budget,lifetime_budget')
    const { budget_micros, budget_kind: kind } = readable(() => budgetOf(row, account.currency))
    return { budget_micros, kind, currency: account.currency, account: account.id }
  },
  wanted({ level, id, budget_micros, currency }, current): Budget {
    amount(budget_micros, currency, current.currency, '/budget_micros')
    if (current.kind === null) {
      const elsewhere = level === 'campaign' ? 'its ad sets have' : 'its campaign has'
      throw configError(`${id} has no budget of its own: ${elsewhere} it`, '/id')
    }
    return { ...current, budget_micros }
  },
  write(context, { budget_micros, kind, currency }, { account }) {
    const value = amount(budget_micros!, currency, currency, '/budget_micros')
    return change(context, account, context.params.id, { [`${kind}_budget`]: value })
  },
})
