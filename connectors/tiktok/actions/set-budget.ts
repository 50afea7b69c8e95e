import { action } from '../../../plugins/actions/action.ts'
import { BudgetParams } from '../../../plugins/actions/params.ts'
import { configError, fatalError } from '../../../plugins/errors.ts'
import type { Envelope } from '../api/envelope.ts'
import type { TikTokContext } from '../settings.ts'
import { budgetOf } from '../streams/entities.ts'
import { LISTS } from '../streams/entity-streams.ts'
import { amountOf, sameCurrency } from './amount.ts'
import { refuseLocked } from './lock.ts'
import { done, find } from './target.ts'

interface Value {
  readonly advertiser_id: string
  readonly currency: string
  readonly kind: 'daily' | 'lifetime' | null
  readonly budget_micros: number | null
}

export const setBudget = action<TikTokContext, typeof BudgetParams, Value>({
  title: 'Set the budget of a campaign or ad group',
  params: BudgetParams,
  async read({ params: { level, id }, ...context }) {
    const { advertiser, row } = await find(context, level, id)
    const { budget_micros, budget_kind } = budgetOf(row)
    return { advertiser_id: advertiser.id, currency: advertiser.currency, kind: budget_kind, budget_micros }
  },
  wanted({ level, id, budget_micros, currency }, current) {
    sameCurrency(currency, current.currency)
    if (current.kind === null) {
      const other = level === 'campaign' ? 'its ad groups have' : 'its campaign has'
      throw configError(`${id} has no budget of its own: ${other}`, '/id')
    }
    amountOf(budget_micros, currency, '/budget_micros')
    return { ...current, budget_micros }
  },
  async write({ client, now, params: { level, id } }, { advertiser_id, budget_micros, currency }) {
    const advertiser = (await client.advertisers()).find(one => one.id === advertiser_id)
    if (!advertiser || budget_micros === null) throw fatalError(`${level} ${id} is gone`)
    refuseLocked(now(), advertiser.zone)
    const budget = amountOf(budget_micros, currency, '/budget_micros')
    const [path, wanted] =
      level === 'campaign'
        ? ['campaign/update/', { advertiser_id, campaign_id: id, budget }]
        : ['adgroup/budget/update/', { advertiser_id, budget: [{ adgroup_id: id, budget }] }]
    done(await client.post<Envelope>(path, wanted, { idempotent: true }), LISTS[level].ids, id)
  },
})
