import type { FastifyInstance } from 'fastify'
import type { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import type { CrmWorld } from '../../../plugins/simulator/world/crm.ts'
import { isTrue, Refused } from './answers.ts'
import { ownerId, STAGES } from './history.ts'
import { typeOf } from './object-routes.ts'
import { PROPERTIES } from './properties.ts'
import type { Whims } from './whims.ts'

export interface App {
  readonly id: string
  readonly secret: string
}

export const HUB_ID = 62_515

/** `/oauth`: forms only; version 3 under its date too, version 1 as well, while it lasts. */
export function oauthRoutes(app: FastifyInstance, issuer: TokenIssuer, { id, secret }: App): void {
  for (const version of ['v1', 'v3', '2026-03'])
    app.post(`/oauth/${version}/token`, ({ body }, reply) => {
      const form = (body ?? {}) as Readonly<Record<string, string>>
      const refused = (status: number, error: string, error_description: string) =>
        reply.status(status).send({ error, error_description, status: 'error', message: error_description })
      if (form.client_id !== id || form.client_secret !== secret)
        return refused(401, 'invalid_client', 'unknown client id or wrong client secret')
      const issued =
        form.grant_type === 'refresh_token'
          ? issuer.refresh(form.refresh_token ?? '')
          : form.grant_type === 'authorization_code'
            ? issuer.exchange(form.code ?? '', form.code_verifier ?? null)
            : null
      if (!issued) return refused(400, 'invalid_grant', 'missing or unknown refresh token or code')
      return {
        token_type: 'bearer',
        token_use: 'access_token',
        access_token: issued.access,
        refresh_token: issued.refresh,
        expires_in: issued.lifeSeconds,
        hub_id: HUB_ID,
      }
    })
}

/** What there is besides objects: the account itself, its owners, properties and pipelines. */
export function accountRoutes(app: FastifyInstance, world: CrmWorld, whims: Whims): void {
  app.get('/account-info/v3/details', () => ({
    portalId: HUB_ID,
    accountType: 'STANDARD',
    timeZone: 'Europe/Berlin',
    companyCurrency: world.currency,
    additionalCurrencies: [],
  }))

  const owners = world.owners.map((owner, i) => ({
    id: ownerId(i)!,
    type: 'PERSON',
    email: owner.email,
    firstName: owner.firstName,
    lastName: owner.lastName,
    userId: 100 + i,
    createdAt: new Date(owner.createdAt / 1000).toISOString(),
    updatedAt: new Date(owner.createdAt / 1000).toISOString(),
    // The last one has left the company.
    archived: i > 0 && i === world.owners.length - 1,
  }))
  for (const path of ['/crm/v3/owners', '/crm/v3/owners/'])
    app.get(path, ({ query }) => {
      const { after = '0', limit = '100', archived } = query as Record<string, string>
      const rest = owners.filter(o => o.archived === isTrue(archived) && Number(o.id) > Number(after))
      if (whims.isEmpty) return { results: [] }
      const page = rest.slice(0, Number(limit))
      const more = rest.length > page.length
      return { results: page, ...(more ? { paging: { next: { after: page.at(-1)!.id } } } : {}) }
    })

  app.get('/crm/v3/properties/:type', ({ params }) => ({
    results: Object.entries(PROPERTIES[typeOf(params)]).map(([name, type]) => ({ name, label: name, type })),
  }))

  app.get('/crm/v3/pipelines/:type', ({ params }) => {
    if (typeOf(params) !== 'deals') throw new Refused(404, 'OBJECT_NOT_FOUND', 'no pipelines')
    const stages = Object.values(STAGES).map((id, i) => ({ id, label: id, displayOrder: i, metadata: {} }))
    return { results: [{ id: 'default', label: 'Sales', displayOrder: 0, stages }] }
  })
}
