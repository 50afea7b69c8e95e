import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { ApiFailure, queryError, requestError } from './errors.ts'
import { checkChangeQuery, checked } from './gaql/checked.ts'
import { parseQuery, type Query } from './gaql/parse.ts'
import { fieldsOf, type ResultRow, shown } from './gaql/row.ts'
import { authorise, count, gate } from './gate.ts'
import { managerRows } from './manager.ts'
import { type MutateBody, mutate } from './mutate.ts'
import { customerName } from './objects.ts'
import { Pages } from './pages.ts'
import { type GoogleAdsPlatform, MANAGER } from './platform.ts'
import { resultOf } from './results.ts'
import { SERVICES } from './writable.ts'

type OfCustomer = { Params: { cid: string } }
interface SearchBody {
  readonly query?: unknown
  readonly pageToken?: unknown
  readonly pageSize?: unknown
}

const PAGE_ROWS = 10_000

/** The part of the Google Ads API's REST shape that platforms.md §2 describes. */
export function routes(app: FastifyInstance, platform: GoogleAdsPlatform): void {
  const pages = new Pages(platform.options.now)
  const size = platform.options.pageRows ?? PAGE_ROWS
  let made = 0
  const requestId = () => createHash('sha256').update(`request ${++made}`).digest('base64url').slice(0, 22)

  app.setErrorHandler((error, request, reply) => sendError(error as Error, request, reply, requestId()))
  gate(app, platform)

  app.get('/v25/customers::listAccessibleCustomers', () => {
    count(platform, 1)
    const { throughManager = true } = platform.options
    const direct = throughManager ? [] : platform.accounts.map(customerName)
    return { resourceNames: [`customers/${MANAGER}`, ...direct] }
  })

  app.post<OfCustomer>('/v25/customers/:cid/googleAds::search', request => {
    const { query, pageToken, pageSize } = (request.body ?? {}) as SearchBody
    if (pageSize !== undefined)
      throw requestError('PAGE_SIZE_NOT_SUPPORTED', 'Setting the page size is not supported.')
    const token = typeof pageToken === 'string' && pageToken !== '' ? pageToken : null
    const { parsed, make } = asked(platform, request, query)
    // Pages behind the first count under no limit (paging guide of the API).
    count(platform, token === null ? 1 : 0)
    const key = `${request.params.cid} ${query}`
    const { rows, next, total } = pages.page(key, token, size, make, platform.faults.repeated)
    return {
      ...shownRows(platform, parsed, rows),
      ...(next === null ? {} : { nextPageToken: next }),
      totalResultsCount: String(total),
      fieldMask: maskOf(parsed),
      queryResourceConsumption: String(rows.length),
    }
  })

  app.post<OfCustomer>('/v25/customers/:cid/googleAds::searchStream', request => {
    const { parsed, make } = asked(platform, request, (request.body as SearchBody | null)?.query)
    count(platform, 1)
    const rows = make()
    const chunks = Array.from({ length: Math.max(1, Math.ceil(rows.length / size)) }, (_, i) =>
      rows.slice(i * size, (i + 1) * size),
    )
    return chunks.map(chunk => ({
      ...shownRows(platform, parsed, chunk),
      fieldMask: maskOf(parsed),
      requestId: requestId(),
      queryResourceConsumption: String(chunk.length),
    }))
  })

  for (const [name, service] of Object.entries(SERVICES))
    app.post<OfCustomer>(`/v25/customers/:cid/${name}::mutate`, request => {
      const { cid } = request.params
      authorise(platform, request, cid)
      const node = platform.account(cid)
      if (node === null)
        throw requestError(
          'CANNOT_BE_EXECUTED_BY_MANAGER_ACCOUNT',
          'Request cannot be executed by a manager account.',
        )
      const body = (request.body ?? {}) as MutateBody
      count(platform, Array.isArray(body.operations) ? Math.max(1, body.operations.length) : 1)
      return mutate(platform, node, service, body, ++made, requestId())
    })
}

/** The query of a request, and how its rows are made. @throws ApiFailure */
function asked(
  platform: GoogleAdsPlatform,
  request: FastifyRequest<OfCustomer>,
  text: unknown,
): { readonly parsed: Query; readonly make: () => readonly ResultRow[] } {
  const { cid } = request.params
  authorise(platform, request, cid)
  if (typeof text !== 'string' || text === '') throw queryError('QUERY_ERROR', 'The query is missing.')
  const parsed = checked(parseQuery(text))
  const node = platform.account(cid)
  const isLookUp = parsed.from === 'customer' && parsed.limit === 1
  if (platform.faults.empty && !isLookUp) return { parsed, make: () => [] }
  if (node === null) return { parsed, make: () => managerRows(platform, parsed) }
  if (parsed.from === 'change_event')
    checkChangeQuery(parsed, localMs(platform.options.now(), node.account.zone))
  return { parsed, make: () => resultOf(platform, node, parsed) }
}

/** What a clock on the wall there shows, as if it were UTC. Milliseconds. */
const localMs = (micros: number, zone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(micros / 1000))
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toZonedDateTime('UTC').epochMilliseconds

/** An empty list is left out, as proto's JSON does. */
function shownRows({ faults }: GoogleAdsPlatform, query: Query, rows: readonly ResultRow[]): object {
  const fields = fieldsOf(query)
  return rows.length === 0 ? {} : { results: rows.map(row => faults.drifted(shown(row, fields))) }
}

const maskOf = ({ select }: Query): string =>
  select.map(field => field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())).join(',')

function sendError(
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  requestId: string,
): FastifyReply {
  reply.header('request-id', requestId)
  if (!(error instanceof ApiFailure)) {
    const status = (error as { statusCode?: number }).statusCode ?? 500
    const word = status === 400 ? 'INVALID_ARGUMENT' : 'INTERNAL'
    return reply.code(status).send({ error: { code: status, message: error.message, status: word } })
  }
  const body = error.body(requestId)
  return reply.code(error.http).send(request.url.endsWith(':searchStream') ? [body] : body)
}
