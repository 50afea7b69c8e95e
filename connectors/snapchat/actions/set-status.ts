import { action } from '../../../plugins/actions/action.ts'
import { object, string } from '../../../plugins/schema.ts'
import type { Context } from '../context.ts'
import { needed } from '../fields.ts'
import { change, objectOf, ownerOf } from './target.ts'

export const setStatus = action({
  title: 'Switch a campaign, ad squad or ad on or off',
  params: object({
    level: string({ enum: ['campaign', 'adset', 'ad'] }),
    id: string({ minLength: 1 }),
    status: string({ enum: ['ACTIVE', 'PAUSED'] }),
  }),
  async read(context: Context & { readonly params: StatusParams }): Promise<string> {
    const { level, id } = context.params
    const target = await objectOf(context.client, level, id)
    await ownerOf(context, level, target)
    return needed(target, 'status')
  },
  wanted: ({ status }) => status,
  write: ({ client, params: { level, id } }, status) => change(client, level, id, { status }),
})

interface StatusParams {
  readonly level: 'campaign' | 'adset' | 'ad'
  readonly id: string
}
