import { action } from '../../../plugins/actions/action.ts'
import { StatusParams } from '../../../plugins/actions/params.ts'
import { fatalError } from '../../../plugins/errors.ts'
import type { Envelope } from '../api/envelope.ts'
import { text } from '../fields.ts'
import type { TikTokContext } from '../settings.ts'
import { SWITCH } from '../streams/entities.ts'
import { LISTS } from '../streams/entity-streams.ts'
import { done, find } from './target.ts'

const PATH = {
  campaign: 'campaign/status/update/',
  adset: 'adgroup/status/update/',
  ad: 'ad/status/update/',
} as const

interface Value {
  readonly advertiser_id: string
  readonly operation_status: string | null
}

export const setStatus = action<TikTokContext, typeof StatusParams, Value>({
  title: 'Pause or resume a campaign, ad group or ad',
  params: StatusParams,
  async read({ params: { level, id }, ...context }) {
    const { advertiser, row } = await find(context, level, id)
    return { advertiser_id: advertiser.id, operation_status: text(row, 'operation_status') }
  },
  inForce: ({ operation_status }) => ({ status: SWITCH[operation_status ?? ''] ?? 'OTHER' }),
  wanted({ id, status }, current) {
    if (current.operation_status === 'DELETE') throw fatalError(`${id} was deleted: its status cannot be set`)
    return { ...current, operation_status: status === 'ACTIVE' ? 'ENABLE' : 'DISABLE' }
  },
  async write({ client, params: { level, id } }, { advertiser_id, operation_status }) {
    const { ids } = LISTS[level]
    const wanted = { advertiser_id, [ids]: [id], operation_status }
    done(await client.post<Envelope>(PATH[level], wanted, { idempotent: true }), ids, id)
  },
})
