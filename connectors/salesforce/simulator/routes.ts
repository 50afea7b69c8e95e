import type { FastifyInstance } from 'fastify'
import type { CrmWorld } from '../../../plugins/simulator/world/crm.ts'
import { csvOf, Refused } from './answers.ts'
import type { Jobs } from './jobs.ts'
import { fieldsOf, parse, run } from './soql.ts'
import { FIELDS, type ObjectName, type SalesforceStore } from './store.ts'
import type { Whims } from './whims.ts'

export interface RoutesOptions {
  readonly store: SalesforceStore
  readonly jobs: Jobs
  readonly whims: Whims
  readonly world: CrmWorld
  readonly isMulti: boolean
}

/** Rows of an answer of the query resource. */
const BATCH = 2000
const API = '/services/data/:version'

/** `/services/data/vNN.0`: what an object is, the organisation, queries, and query jobs of Bulk API 2.0. */
export function apiRoutes(app: FastifyInstance, { store, jobs, whims, world, isMulti }: RoutesOptions): void {
  const seen = (object: string): ObjectName => {
    if (!(object in FIELDS) || whims.hidden.has(object))
      throw new Refused(403, 'INSUFFICIENT_ACCESS', `insufficient access rights on ${object}`)
    return object as ObjectName
  }

  app.get(`${API}/sobjects/:object/describe`, ({ params }) => {
    const { object } = params as { object: string }
    const names = fieldsOf(seen(object), isMulti).filter(name => !whims.hiddenFields.has(name))
    return { name: object, fields: names.map(name => ({ name })) }
  })

  app.get(`${API}/connect/organization`, () => ({
    orgId: '00D5f000000EXAMPLE',
    features: { multiCurrency: isMulti, ...(isMulti ? {} : { defaultCurrencyIsoCode: world.currency }) },
  }))

  const cursors = new Map<string, { soql: string; from: number }>()
  const queried = (soql: string, from: number) => {
    const all = run(parse(soql), { store, withDeleted: false, isMulti })
    const records = all.slice(from, from + BATCH)
    const end = from + records.length
    if (end >= all.length) return { totalSize: all.length, done: true, records }
    const id = `01g${cursors.size}-${end}`
    cursors.set(id, { soql, from: end })
    return { totalSize: all.length, done: false, nextRecordsUrl: `/services/data/v66.0/query/${id}`, records }
  }
  app.get(`${API}/query`, ({ query }) => queried((query as { q?: string }).q ?? '', 0))
  app.get(`${API}/query/:id`, ({ params }) => {
    const cursor = cursors.get((params as { id: string }).id)
    if (!cursor) throw new Refused(404, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
    return queried(cursor.soql, cursor.from)
  })

  app.post(`${API}/jobs/query`, ({ body }) => {
    const { operation = '', query = '' } = (body ?? {}) as { operation?: string; query?: string }
    seen(parse(query).object)
    return jobs.create(operation, query)
  })
  const idOf = (params: unknown) => (params as { id: string }).id
  app.get(`${API}/jobs/query/:id`, ({ params }) => jobs.poll(idOf(params)))
  app.patch(`${API}/jobs/query/:id`, ({ params }) => jobs.abort(idOf(params)))
  app.delete(`${API}/jobs/query/:id`, ({ params }, reply) => {
    jobs.delete(idOf(params))
    return reply.status(204).send()
  })

  app.get(`${API}/jobs/query/:id/results`, ({ params, query }, reply) => {
    const { maxRecords = '50000', locator = '' } = query as { maxRecords?: string; locator?: string }
    const page = jobs.page(idOf(params), locator, Number(maxRecords))
    const again = whims.repeats && locator !== '' ? jobs.before(idOf(params), locator, 2) : []
    const { columns, rows } = whims.spoilt(page.columns, [...again, ...page.rows])
    return reply
      .headers({
        'content-type': 'text/csv',
        'Sforce-Locator': page.next,
        'Sforce-NumberOfRecords': String(page.count + again.length),
      })
      .send(csvOf(columns, rows))
  })
}
