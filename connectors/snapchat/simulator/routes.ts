import type { FastifyInstance, FastifyRequest } from 'fastify'
import { idOf, type Node } from './account-tree.ts'
import { type Entry, fine, pageOf, sendError, wrapped } from './envelope.ts'
import { badRequest, forbidden } from './errors.ts'
import { gate } from './gate.ts'
import { type ApiObject, organization } from './objects.ts'
import { pixelRoutes } from './pixels.ts'
import type { SnapchatPlatform } from './platform.ts'
import { statsRoutes } from './stats-routes.ts'

const ITEMS = { adaccounts: 'adaccount', campaigns: 'campaign', adsquads: 'adsquad', ads: 'ad' } as const
type Level = keyof typeof ITEMS

/** What lists there are, and which of them are written through. */
const LISTS: readonly { readonly of: Level; readonly list: Level; readonly isWritten?: boolean }[] = [
  { of: 'adaccounts', list: 'campaigns', isWritten: true },
  { of: 'adaccounts', list: 'adsquads' },
  { of: 'adaccounts', list: 'ads' },
  { of: 'campaigns', list: 'adsquads', isWritten: true },
  { of: 'adsquads', list: 'ads', isWritten: true },
]

type ById = { Params: { id: string } }

/** The part of the Marketing API that platforms.md §4 describes. */
export function routes(app: FastifyInstance, platform: SnapchatPlatform): void {
  app.setErrorHandler(sendError)
  gate(app, platform)

  app.get<{ Querystring: { with_ad_accounts?: string } }>('/v1/me/organizations', request => {
    if (platform.faults.forbidden) throw forbidden()
    const withAccounts = request.query.with_ad_accounts === 'true'
    return wrapped('organizations', 'organization', [fine(organization(platform.tree, withAccounts))])
  })
  for (const [list, item] of Object.entries(ITEMS))
    app.get<ById>(`/v1/${list}/:id`, ({ params }) => {
      const node = platform.node(list, params.id)
      return wrapped(list, item, platform.faults.empty ? [] : [entryOf(platform, node)])
    })
  for (const { of, list, isWritten } of LISTS) {
    app.get<ById>(`/v1/${of}/:id/${list}`, request => listed(platform, of, list, request))
    if (isWritten)
      app.put<ById>(`/v1/${of}/:id/${list}`, ({ params, body }) =>
        written(platform, of, params.id, list, body),
      )
  }
  statsRoutes(app, platform)
  pixelRoutes(app, platform)
}

function listed(platform: SnapchatPlatform, of: Level, list: Level, request: FastifyRequest<ById>) {
  const { faults, options, tree } = platform
  const { limit = '1000' } = request.query as { limit?: string }
  const asked = Number(limit)
  if (!Number.isInteger(asked) || asked < 50 || asked > 1000) throw badRequest('limit must be 50 to 1000')
  const node = platform.node(of, request.params.id)
  const nodes = faults.empty ? [] : tree.under(node, list)
  const { page, next } = pageOf(request, nodes, Math.min(asked, options.maxPage ?? 1000), faults.repeated)
  return wrapped(
    list,
    ITEMS[list],
    page.map(n => entryOf(platform, n)),
    next,
  )
}

function entryOf({ faults, writes }: SnapchatPlatform, node: Node): Entry {
  if (faults.refused.has(idOf(node)))
    return { ok: false, value: { id: idOf(node) }, code: 'E2000', reason: 'the object cannot be read now' }
  return fine(faults.drifted(writes.read(node)))
}

/** @param body `{campaigns: [{…}]}`: whole objects */
function written(platform: SnapchatPlatform, of: Level, id: string, list: Level, body: unknown) {
  const parent = platform.node(of, id)
  const objects = (body as Record<string, unknown> | null)?.[list]
  if (!Array.isArray(objects) || objects.length === 0) throw badRequest(`${list} is required`)
  const entries = (objects as ApiObject[]).map((object): Entry => {
    if (platform.faults.refused.has(String(object.id)))
      return { ok: false, value: object, code: 'E2000', reason: 'the object is locked' }
    const outcome = platform.writes.put(list as 'campaigns', idOf(parent), object)
    return outcome.ok ? fine(outcome.object) : { ...outcome, value: object }
  })
  return wrapped(list, ITEMS[list], entries)
}
