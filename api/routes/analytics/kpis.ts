import type { FastifyInstance } from 'fastify'
import { type Kpi, kpis } from '../../../pipelines/metrics/kpis.ts'
import type { Figure } from '../../../pipelines/metrics/model.ts'
import type { ApiContext } from '../../context.ts'
import { ApiError } from '../../plugins/errors.ts'
import { minorUnits, rounded } from './units.ts'

interface Query {
  readonly from?: string
  readonly to?: string
  readonly platform?: string
  readonly currency?: string
}

const day = (description: string) => ({ type: 'string', format: 'date', description })

const SCHEMA = {
  querystring: {
    type: 'object',
    additionalProperties: false,
    properties: {
      from: day("first day, YYYY-MM-DD in the account's zone"),
      to: day('last day, inside the period'),
      platform: { type: 'string', enum: ['meta', 'google', 'tiktok', 'snapchat'] },
      currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    },
  },
}

const MAX_DAYS = 731

/** KPI tiles of a period, each beside the period before. Money in minor units of its currency. */
export function kpiRoute(app: FastifyInstance, context: ApiContext): void {
  app.get<{ Querystring: Query }>('/analytics/kpis', { schema: SCHEMA }, async request => {
    const { from = null, to = null, platform = null, currency = null } = request.query
    checkPeriod(from, to)
    const { warehouse, database, tenant, clock } = context
    const answer = await kpis(warehouse, database, { tenant, from, to, platform, currency })
    const { ads, site } = answer.watermarks
    const known = [ads, platform === null ? site : null].filter(t => t !== null)
    const asOf = known.length === 0 ? null : Math.min(...known)
    return {
      data: {
        period: answer.period,
        previous_period: answer.previous,
        currency: answer.kpis.find(k => k.now.currency !== null)?.now.currency ?? null,
        kpis: Object.fromEntries(answer.kpis.map(tile)),
      },
      meta: {
        request_id: request.id,
        as_of: iso(asOf),
        freshness_hours: asOf === null ? null : rounded(Math.max(0, clock() - asOf) / 3_600_000_000, 2),
        trust_status: null,
        watermarks: { ads: iso(ads), site: iso(site) },
        revenue_model: 'SITE_TOTAL',
        warnings: answer.warnings,
      },
    }
  })
}

function checkPeriod(from: string | null, to: string | null): void {
  const refuse = (name: string, why: string) =>
    new ApiError('VALIDATION_ERROR', `${name}: ${why}`, [`${name}: ${why}`])
  for (const [name, value] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (value !== null && (value < '1970-01-01' || value > '2148-12-31'))
      throw refuse(name, 'must be between 1970-01-01 and 2148-12-31')
  if (from === null || to === null) return
  if (from > to) throw refuse('from', `${from} is after to (${to})`)
  if ((Date.parse(to) - Date.parse(from)) / 86_400_000 >= MAX_DAYS)
    throw refuse('from', `a period has at most ${MAX_DAYS} days`)
}

function tile({ metric, now, previous, changePct }: Kpi): [string, object] {
  const money = metric.unit === 'money'
  const amount = (figure: Figure) =>
    money ? minorUnits(figure, metric.per !== undefined) : rounded(figure.value, 6)
  return [
    money ? `${metric.name}_cents` : metric.name,
    {
      title: metric.title,
      unit: money ? 'minor_units' : metric.unit,
      value: amount(now),
      previous: amount(previous),
      change_pct: rounded(changePct, 2),
      better: metric.better,
    },
  ]
}

const iso = (micros: number | null): string | null =>
  micros === null ? null : new Date(Math.floor(micros / 1000)).toISOString()
