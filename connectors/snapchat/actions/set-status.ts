import { action } from '../../../plugins/actions/action.ts'
import { StatusParams } from '../../../plugins/actions/params.ts'
import type { Context } from '../context.ts'
import { needed } from '../fields.ts'
import { STATUS } from '../streams/entities.ts'
import { change, objectOf, ownerOf } from './target.ts'

export const setStatus = action({
  title: 'Switch a campaign, ad squad or ad on or off',
  params: StatusParams,
  async read(context: Context & { readonly params: StatusParams }): Promise<string> {
    const { level, id } = context.params
    const target = await objectOf(context.client, level, id)
    await ownerOf(context, level, target)
    return needed(target, 'status')
  },
  inForce: status => ({ status: STATUS[status] ?? 'OTHER' }),
  wanted: ({ status }) => status,
  write: ({ client, params: { level, id } }, status) => change(client, level, id, { status }),
})
