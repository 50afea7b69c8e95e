import type { FastifyInstance, FastifyReply } from 'fastify'
import { addDays, dayIn, earlier } from '../../../../plugins/sync/days.ts'
import { keeping } from '../kept.ts'
import type { GA4Platform } from '../platform.ts'
import { DIMENSION_OF, METRIC_OF, type ReportAsked, type ReportRow, reportRows } from './report.ts'
import { costOf } from './tokens.ts'

interface Query {
  readonly dateRanges?: readonly { readonly startDate?: string; readonly endDate?: string }[]
  readonly dimensions?: readonly { readonly name: string }[]
  readonly metrics?: readonly { readonly name: string }[]
  readonly offset?: string | number
  readonly limit?: string | number
  readonly returnPropertyQuota?: boolean
}

const MOST_ROWS = 250_000
/** One: of a property with many sources it is large. */
const kept = keeping<ReturnType<typeof reportRows>>(1)

const fail = (reply: FastifyReply, code: number, status: string, message: string) =>
  reply.code(code).send({ error: { code, message, status } })

/** GA4's Data API as far as `runReport` goes, over the same world as the export. */
export function dataApiRoutes(app: FastifyInstance, platform: GA4Platform): void {
  app.post<{ Params: { call: string }; Body: Query }>('/v1beta/properties/:call', (request, reply) => {
    const { faults, tokens, world } = platform
    const [, property] = /^(\d+):runReport$/.exec(request.params.call) ?? []
    if (property === undefined) return fail(reply, 404, 'NOT_FOUND', 'Method not found.')
    const ordered = faults.ordered.shift()
    if (ordered !== undefined) return fail(reply, ordered, 'UNAVAILABLE', 'ordered by a test')
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (tokens.accepts(token) !== 'yes')
      return fail(reply, 401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
    if (faults.forbidden || property !== world.propertyId)
      return fail(
        reply,
        403,
        'PERMISSION_DENIED',
        'User does not have sufficient permissions for this property.',
      )
    const wrong = refusal(request.body)
    if (wrong !== null) return fail(reply, 400, 'INVALID_ARGUMENT', wrong)
    return answer(platform, request.body, reply)
  })
}

function refusal({ dimensions = [], metrics = [], dateRanges = [], limit }: Query): string | null {
  if (dateRanges.length !== 1) return 'A dateRange is required.'
  if (dimensions.length > 9) return 'Requests are limited to 9 dimensions.'
  if (metrics.length > 10) return 'Requests are limited to 10 metrics.'
  const dimension = dimensions.find(({ name }) => !Object.hasOwn(DIMENSION_OF, name))
  if (dimension) return `Field ${dimension.name} is not a valid dimension.`
  const metric = metrics.find(({ name }) => !Object.hasOwn(METRIC_OF, name))
  if (metric) return `Field ${metric.name} is not a valid metric.`
  return Number(limit ?? 1) > MOST_ROWS ? `limit is above ${MOST_ROWS}.` : null
}

function answer(platform: GA4Platform, query: Query, reply: FastifyReply): unknown {
  const { world, faults, asOf, propertyTokens, pageRows } = platform
  const { dimensions = [], metrics = [], offset = 0, limit = 10_000 } = query
  const [range = {}] = query.dateRanges ?? []
  const today = dayIn(world.zone, asOf())
  const asked: ReportAsked = {
    asOf: asOf(),
    from: dayOf(range.startDate, today),
    to: earlier(dayOf(range.endDate, today), today),
    dimensions: dimensions.map(({ name }) => name),
    metrics: metrics.map(({ name }) => name),
    most: faults.rowsADay,
  }
  const { rows, lost } = faults.empty
    ? { rows: [], lost: false }
    : kept(platform, JSON.stringify(asked), () => reportRows(world, asked))
  const page = rows.slice(Number(offset), Number(offset) + Math.min(Number(limit), pageRows))
  const spent = propertyTokens?.refuse(world.propertyId, costOf(page.length)) ?? null
  if (spent !== null) return fail(reply, 429, 'RESOURCE_EXHAUSTED', spent)
  const seen = metrics.slice(0, faults.drift === 'missing' ? -1 : undefined)
  return {
    dimensionHeaders: dimensions,
    metricHeaders: seen.map(({ name }) => ({ name, type: METRIC_OF[name]!.type })),
    // Proto3 JSON: what is empty or zero is left out.
    ...(page.length > 0 ? { rows: page.map((row, i) => shown(row, i, seen.length, faults.drift)) } : {}),
    ...(rows.length > 0 ? { rowCount: rows.length } : {}),
    metadata: {
      currencyCode: world.currency,
      timeZone: world.zone,
      ...(lost ? { dataLossFromOtherRow: true } : {}),
      ...(faults.thresholded ? { subjectToThresholding: true } : {}),
      ...(faults.sampled
        ? { samplingMetadatas: [{ samplesReadCount: '500000', samplingSpaceSize: '900000' }] }
        : {}),
      ...(faults.restricted
        ? {
            schemaRestrictionResponse: {
              activeMetricRestrictions: [
                { metricName: 'purchaseRevenue', restrictedMetricTypes: ['REVENUE_DATA'] },
              ],
            },
          }
        : {}),
    },
    ...(query.returnPropertyQuota && propertyTokens
      ? { propertyQuota: propertyTokens.told(world.propertyId) }
      : {}),
    kind: 'analyticsData#runReport',
  }
}

function shown(row: ReportRow, i: number, metrics: number, drift: GA4Platform['faults']['drift']): object {
  const values = row.metrics.slice(0, metrics)
  if (drift === 'retyped' && i < 3) values[0] = 'soon'
  return {
    dimensionValues: row.dimensions.map(value => (value === '' ? {} : { value })),
    metricValues: values.map(value => ({ value })),
    ...(drift === 'added' ? { added_by_google: 'x' } : {}),
  }
}

/** `2026-04-01`, `today`, `yesterday`, `7daysAgo`. */
function dayOf(text: string | undefined, today: string): string {
  if (text === undefined || text === 'today') return today
  if (text === 'yesterday') return addDays(today, -1)
  const [, ago] = /^(\d+)daysAgo$/.exec(text) ?? []
  return ago === undefined ? text : addDays(today, -Number(ago))
}
