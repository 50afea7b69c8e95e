import type { FastifyInstance } from 'fastify'
import { invalid, Refused, shown } from './answers.ts'
import { found, propertiesOf, typeOf } from './object-routes.ts'
import { PROPERTIES } from './properties.ts'
import type { HubspotStore, ObjectType, StoredObject } from './store.ts'

interface Input {
  readonly id: string
  readonly properties?: Readonly<Record<string, string | null>>
  readonly after?: string
}

interface Body {
  readonly inputs?: readonly Input[]
  readonly properties?: readonly string[]
  readonly propertiesWithHistory?: readonly string[]
}

export interface BatchRoutesOptions {
  readonly store: HubspotStore
  /** Contacts that an answer gives of one deal; the rest comes by `after`. */
  readonly associationsPage: number
  readonly now: () => number
}

/** Batches: 200 when all of it was done, 207 with `errors` when a part was not. */
export function batchRoutes(
  app: FastifyInstance,
  { store, associationsPage, now }: BatchRoutesOptions,
): void {
  app.post('/crm/v3/objects/:type/batch/:action', ({ params, body }, reply) => {
    const [type, { action }, asked] = [typeOf(params), params as { action: string }, (body ?? {}) as Body]
    const { inputs = [], properties = [], propertiesWithHistory: history = [] } = asked
    const most = history.length > 0 ? 50 : 100
    if (inputs.length === 0 || inputs.length > most) throw invalid(`between 1 and ${most} inputs`)
    const all = { properties: Object.keys(PROPERTIES[type]) }
    const outcome = inputs.map(input => {
      try {
        if (action === 'create') return shown(store.create(type, propertiesOf(type, input), now()), all)
        const object = found(store, { type, id: input.id }, false)
        if (action === 'read') return shown(object, { properties, history })
        if (action === 'update')
          return shown(store.update(type, object.id, propertiesOf(type, input), now()), all)
        if (action === 'archive') return archived(store, object, now())
        throw new Refused(404, 'OBJECT_NOT_FOUND', `there is no batch ${action}`)
      } catch (error) {
        if (error instanceof Refused) return error
        throw error
      }
    })
    return answered(reply, outcome, now())
  })

  app.post('/crm/v4/associations/:from/:to/batch/read', ({ params, body }, reply) => {
    const { from, to } = params as { from: string; to: string }
    const [type, other] = [typeOf({ type: from }), typeOf({ type: to })]
    const { inputs = [] } = (body ?? {}) as Body
    if (inputs.length === 0 || inputs.length > 1000) throw invalid('between 1 and 1000 inputs')
    const outcome = inputs.map(({ id, after = '0' }) => {
      const links = [...(store.get(type, Number(id))?.links ?? [])]
      if (links.length === 0) return unassociated(type, other, id)
      const [begin, end] = [Number(after), Number(after) + associationsPage]
      const types = [{ category: 'HUBSPOT_DEFINED', typeId: type === 'deals' ? 3 : 4, label: null }]
      return {
        from: { id },
        to: links.slice(begin, end).map(toObjectId => ({ toObjectId, associationTypes: types })),
        ...(end < links.length ? { paging: { next: { after: String(end) } } } : {}),
      }
    })
    return answered(reply, outcome, now())
  })
}

function archived(store: HubspotStore, { type, id }: StoredObject, at: number): object {
  store.archive(type, id, at)
  return { id: String(id) }
}

const unassociated = (from: ObjectType, to: ObjectType, id: string) =>
  new Refused(
    404,
    'OBJECT_NOT_FOUND',
    `No ${to.slice(0, -1)} is associated with ${from.slice(0, -1)} ${id}.`,
    {
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      context: { fromObjectId: [id] },
    },
  )

function answered(
  reply: { status(code: number): { send(body: unknown): unknown } },
  outcome: readonly (object | Refused)[],
  now: number,
) {
  const errors = outcome.filter(one => one instanceof Refused)
  const at = new Date(now).toISOString()
  return reply.status(errors.length > 0 ? 207 : 200).send({
    status: 'COMPLETE',
    results: outcome.filter(one => !(one instanceof Refused)),
    startedAt: at,
    completedAt: at,
    ...(errors.length > 0 ? { numErrors: errors.length, errors: errors.map(error => error.body()) } : {}),
  })
}
