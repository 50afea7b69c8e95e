import { action } from '../../../plugins/actions/action.ts'
import { configError } from '../../../plugins/errors.ts'
import { object, string } from '../../../plugins/schema.ts'
import type { Context } from '../context.ts'
import { needed } from '../fields.ts'
import { STATUS } from '../streams/entities.ts'
import { type Level, read, resourceOf, SERVICE, targetOf } from './target.ts'

const WRITTEN = { ACTIVE: 'ENABLED', PAUSED: 'PAUSED' } as const

interface State {
  readonly status: string
  readonly customer: string
  readonly resource: string
}

export const setStatus = action({
  title: 'Switch a campaign, ad group or ad on or off',
  params: object({
    level: string({ enum: ['campaign', 'adset', 'ad'] }),
    id: string({ description: 'Of an ad that stands in several ad groups: AD_GROUP~AD', minLength: 1 }),
    status: string({ enum: ['ACTIVE', 'PAUSED'] }),
  }),
  async read(
    context: Context & { readonly params: { readonly level: Level; readonly id: string } },
  ): Promise<State> {
    const { level, id } = context.params
    const { customer, row } = await targetOf(context, level, id, [])
    return read(() => ({
      status: needed(row, `${resourceOf(level)}.status`),
      customer,
      resource: needed(row, `${resourceOf(level)}.resourceName`),
    }))
  },
  inForce: ({ status }) => ({ status: STATUS[status] ?? 'OTHER' }),
  wanted({ id, status }, current): State {
    if (current.status === 'REMOVED')
      throw configError(`${id} is removed: Google Ads does not bring it back`, '/id')
    return { ...current, status: WRITTEN[status] }
  },
  write: ({ client, params }, { status, customer, resource }) =>
    client.update(customer, SERVICE[params.level], { resourceName: resource, status }, 'status'),
})
