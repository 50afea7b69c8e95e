import type { FastifyInstance } from 'fastify'
import { chance } from '../../../plugins/simulator/random.ts'
import { fine, wrapped } from './envelope.ts'
import { forbidden, notFound } from './errors.ts'
import { type ApiObject, uuid } from './objects.ts'
import type { SnapchatPlatform } from './platform.ts'

type ById = { Params: { id: string } }

/** Each account has one pixel. */
export const pixelIdOf = (accountId: string): string => uuid('pixel', accountId)

export function pixelRoutes(app: FastifyInstance, platform: SnapchatPlatform): void {
  const pixelOf = (id: string): ApiObject => {
    const account = platform.tree.accounts.find(a => pixelIdOf(a.id) === id)
    if (!account) throw notFound()
    if (platform.faults.forbidden) throw forbidden()
    return {
      id,
      name: `Pixel of ${account.name}`,
      status: 'ACTIVE',
      effective_status: 'ACTIVE',
      ad_account_id: account.id,
    }
  }
  app.get<ById>('/v1/pixels/:id', ({ params }) => wrapped('pixels', 'pixel', [fine(pixelOf(params.id))]))
  app.get<ById>('/v1/pixels/:id/event_quality_scores', ({ params }) => {
    pixelOf(params.id)
    const events = platform.faults.empty ? [] : ['PURCHASE', 'ADD_CART', 'PAGE_VIEW']
    return wrapped(
      'event_quality_scores',
      'event_quality_score',
      events.map(e => fine(scores(params.id, e))),
    )
  })
}

/**
 * The shape of the real answer is not known (platforms.md §8.1): three scores, it says. This one is made up, so that
 * there is something to keep; nothing may be concluded from it.
 */
function scores(pixel: string, event: string): ApiObject {
  const random = chance('quality', pixel, event)
  const score = () => Math.round(random.next() * 100) / 10
  return { event_name: event, made_up_scores: [score(), score(), score()] }
}
