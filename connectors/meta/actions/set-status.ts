import { action } from '../../../plugins/actions/action.ts'
import { StatusParams } from '../../../plugins/actions/params.ts'
import type { Context } from '../context.ts'
import { needed, text } from '../fields.ts'
import { statusOf } from '../streams/entities.ts'
import { change, readable, targetOf } from './target.ts'

/** What is set, and what came of it: the effective status says what parents and reviews make of it. */
interface Status {
  readonly status: string
  readonly account: string
}

export const setStatus = action({
  title: 'Switch a campaign, ad set or ad on or off',
  params: StatusParams,
  async read(context: Context & { readonly params: StatusParams }): Promise<Status> {
    const { level, id } = context.params
    const { row, account } = await targetOf(context, level, id, 'status,effective_status')
    return { status: readable(() => needed(text(row, 'status'), 'status')), account: account.id }
  },
  inForce: ({ status }) => ({ status: statusOf(status, null) }),
  wanted: ({ status }, current): Status => ({ ...current, status }),
  write: (context, { status }, { account }) => change(context, account, context.params.id, { status }),
})
