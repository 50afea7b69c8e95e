import type { FastifyInstance, FastifyReply } from 'fastify'
import type { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import { contentOf } from './content.ts'
import { dataApiRoutes } from './data-api/routes.ts'
import { tablesAt } from './export.ts'
import { CLIENT, type GA4Platform, PROJECT } from './platform.ts'
import { cellsOf } from './schema.ts'

type OfTable = { Params: { project: string; dataset: string; table: string } }
type Paged = { Querystring: { maxResults?: string; startIndex?: string; pageToken?: string } }

const fail = (reply: FastifyReply, code: number, reason: string, message: string) =>
  reply
    .code(code)
    .send({ error: { code, message, errors: [{ message, domain: 'global', reason }], status: reason } })

/** BigQuery's REST API as far as an export is read with it, and the server that gives tokens. */
export function routes(app: FastifyInstance, platform: GA4Platform): void {
  app.post('/token', (request, reply) => giveToken(platform.tokens, request.body, reply))
  dataApiRoutes(app, platform)
  app.register(async api => {
    api.addHook('preHandler', async (request, reply) => {
      const status = platform.faults.ordered.shift()
      if (status !== undefined) return fail(reply, status, 'backendError', 'ordered by a test')
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      if (platform.tokens.accepts(token) !== 'yes')
        return fail(reply, 401, 'authError', 'Request had invalid authentication credentials.')
      if (platform.faults.forbidden) return fail(reply, 403, 'accessDenied', 'Access Denied: Dataset')
      const { project, dataset } = request.params as OfTable['Params']
      if (project !== PROJECT || dataset !== `analytics_${platform.world.propertyId}`)
        return fail(reply, 404, 'notFound', `Not found: Dataset ${project}:${dataset}`)
      if (platform.limits && platform.limits.refuse(project) !== null)
        return fail(reply, 403, 'rateLimitExceeded', 'Exceeded rate limits')
    })
    const dataset = '/bigquery/v2/projects/:project/datasets/:dataset'
    api.get<OfTable & Paged>(`${dataset}/tables`, ({ params, query }) => listed(platform, params, query))
    api.get<OfTable>(`${dataset}/tables/:table`, ({ params }, reply) => {
      const found = contentOf(platform, params.table)
      if (!found) return fail(reply, 404, 'notFound', `Not found: Table ${params.table}`)
      return {
        kind: 'bigquery#table',
        type: 'TABLE',
        tableReference: referenceOf(params, params.table),
        schema: { fields: found.columns },
        numRows: String(found.rows.length),
        lastModifiedTime: String(Math.floor(found.writtenAt / 1000)),
      }
    })
    api.get<OfTable & Paged>(`${dataset}/tables/:table/data`, ({ params, query }, reply) => {
      const found = contentOf(platform, params.table)
      if (!found) return fail(reply, 404, 'notFound', `Not found: Table ${params.table}`)
      const from = Number(query.pageToken ?? query.startIndex ?? 0)
      const most = Math.min(platform.pageRows, Number(query.maxResults ?? platform.pageRows))
      const rows = found.rows.slice(from, from + most).map(row => cellsOf(row, found.columns))
      const to = from + rows.length
      return {
        kind: 'bigquery#tableDataList',
        totalRows: String(found.rows.length),
        rows,
        // Unlike that of other lists it is not called nextPageToken.
        ...(rows.length > 0 && to < found.rows.length ? { pageToken: String(to) } : {}),
      }
    })
  })
}

const referenceOf = ({ project, dataset }: OfTable['Params'], tableId: string) => ({
  projectId: project,
  datasetId: dataset,
  tableId,
})

function listed(
  { world, faults, asOf }: GA4Platform,
  params: OfTable['Params'],
  query: Paged['Querystring'],
): object {
  const tables = faults.empty ? [] : tablesAt(world, asOf())
  const from = Number(query.pageToken ?? 0)
  const to = from + Number(query.maxResults ?? 50)
  return {
    kind: 'bigquery#tableList',
    totalItems: tables.length,
    tables: tables
      .slice(from, to)
      .map(({ id }) => ({ kind: 'bigquery#table', type: 'TABLE', tableReference: referenceOf(params, id) })),
    ...(to < tables.length ? { nextPageToken: String(to) } : {}),
  }
}

function giveToken(tokens: TokenIssuer, body: unknown, reply: FastifyReply) {
  const form = (body ?? {}) as Record<string, string | undefined>
  if (form.client_id !== CLIENT.id || form.client_secret !== CLIENT.secret)
    return reply.code(401).send({ error: 'invalid_client', error_description: 'Unauthorized' })
  const issued = form.grant_type === 'refresh_token' ? tokens.refresh(form.refresh_token ?? '') : null
  if (issued === null)
    return reply.code(400).send({ error: 'invalid_grant', error_description: 'Bad Request' })
  return { access_token: issued.access, expires_in: issued.lifeSeconds, token_type: 'Bearer' }
}
