import type { FastifyInstance } from 'fastify'
import { invalid, isTrue, Refused, type Shown, shown } from './answers.ts'
import type { Crowd } from './crowd.ts'
import { PROPERTIES } from './properties.ts'
import { checkSearch, matches, type SearchBody, sorted } from './search.ts'
import type { HubspotStore, ObjectType, Properties, StoredObject } from './store.ts'
import type { Whims } from './whims.ts'

export interface ObjectRoutesOptions {
  readonly store: HubspotStore
  readonly whims: Whims
  readonly crowd: Crowd
  /** From a write until searches find it. Milliseconds. */
  readonly indexLagMs: number
  /** Epoch milliseconds. */
  readonly now: () => number
}

type Query = Readonly<Record<string, string | string[] | undefined>>

/** `/crm/v3/objects`: lists, single objects, searches. */
export function objectRoutes(
  app: FastifyInstance,
  { store, whims, crowd, indexLagMs, now }: ObjectRoutesOptions,
): void {
  app.get('/crm/v3/objects/:type', ({ params, query }) => {
    const [type, asked] = [typeOf(params), query as Query]
    const what = shownOf(asked)
    const limit = Number(asked.limit ?? 10)
    const most = what.history.length > 0 ? 50 : 100
    if (!(limit >= 1 && limit <= most)) throw invalid(`limit is not between 1 and ${most}`)
    const isArchived = isTrue(asked.archived)
    const after = Number(asked.after ?? 0)
    const listed =
      isArchived || type === 'deals' ? store.all(type) : both(store.all(type), crowd.after(after))
    const rest: StoredObject[] = []
    const before: StoredObject[] = []
    for (const object of listed) {
      if ((object.archivedAt !== null) !== isArchived) continue
      if (object.id <= after) before.push(object)
      else if (rest.push(object) > limit) break
    }
    const again = whims.repeats ? before.slice(-2) : []
    return pageOf(again, rest, limit, object => whims.spoilt(shown(object, what)), whims.isEmpty)
  })

  app.get('/crm/v3/objects/:type/:id', ({ params, query }) => {
    const object = found(store, params, isTrue((query as Query).archived))
    return whims.spoilt(shown(object, shownOf(query as Query)))
  })

  app.post('/crm/v3/objects/:type', ({ params, body }, reply) => {
    const type = typeOf(params)
    const object = store.create(type, propertiesOf(type, body), now())
    return reply.status(201).send(shown(object, { properties: Object.keys(PROPERTIES[type]) }))
  })

  app.patch('/crm/v3/objects/:type/:id', ({ params, body }) => {
    const object = found(store, params, false)
    const { type, id } = object
    return shown(store.update(type, id, propertiesOf(type, body), now()), {
      properties: Object.keys(PROPERTIES[type]),
    })
  })

  app.delete('/crm/v3/objects/:type/:id', ({ params }, reply) => {
    const { type, id } = found(store, params, false)
    store.archive(type, id, now())
    return reply.status(204).send()
  })

  app.post('/crm/v3/objects/:type/search', ({ params, body }) => {
    const [type, asked] = [typeOf(params), (body ?? {}) as SearchBody]
    checkSearch(type, asked, JSON.stringify(asked))
    const seen = [...store.searchable(type, now(), indexLagMs)].filter(o =>
      matches(type, o.properties, asked),
    )
    const all = whims.isEmpty ? [] : sorted(type, seen, asked)
    const [after, limit] = [Number(asked.after ?? 0), asked.limit ?? 10]
    const page = all.slice(after, after + limit)
    const end = after + page.length
    return {
      total: all.length,
      results: page.map(({ object, properties }) =>
        whims.spoilt(shown({ ...object, properties }, { properties: asked.properties ?? [] })),
      ),
      ...(end < all.length ? { paging: { next: { after: String(end) } } } : {}),
    }
  })
}

function pageOf(
  again: readonly StoredObject[],
  rest: readonly StoredObject[],
  limit: number,
  show: (object: StoredObject) => unknown,
  isEmpty: boolean,
): object {
  if (isEmpty) return { results: [] }
  const page = rest.slice(0, limit)
  const after = String(page.at(-1)?.id)
  const next = rest.length > page.length ? { paging: { next: { after, link: `?after=${after}` } } } : {}
  return { results: [...again, ...page].map(show), ...next }
}

function* both<T>(first: Iterable<T>, second: Iterable<T>): Generator<T> {
  yield* first
  yield* second
}

export function typeOf(params: unknown): ObjectType {
  const { type } = params as { type: string }
  if (type === 'contacts' || type === '0-1') return 'contacts'
  if (type === 'deals' || type === '0-3') return 'deals'
  throw new Refused(404, 'OBJECT_NOT_FOUND', `Unable to infer object type from: ${type}`)
}

export function found(store: HubspotStore, params: unknown, archived: boolean): StoredObject {
  const object = store.get(typeOf(params), Number((params as { id: string }).id))
  if (!object || (object.archivedAt !== null) !== archived)
    throw new Refused(404, 'OBJECT_NOT_FOUND', 'Object not found.')
  return object
}

export function propertiesOf(type: ObjectType, body: unknown): Properties {
  const { properties } = (body ?? {}) as { properties?: Properties }
  if (!properties) throw invalid('properties are missing')
  for (const name of Object.keys(properties))
    if (!(name in PROPERTIES[type]))
      throw new Refused(
        400,
        'VALIDATION_ERROR',
        `Property values were not valid: Property "${name}" does not exist`,
      )
  return properties
}

/** Lists in a query are separated by commas, or the parameter comes again. */
function shownOf(query: Query): Required<Shown> {
  const list = (name: string) =>
    [query[name] ?? []]
      .flat()
      .flatMap(value => value.split(','))
      .filter(value => value !== '')
  return {
    properties: list('properties'),
    history: list('propertiesWithHistory'),
    associations: list('associations'),
  }
}
