import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Platform, TrialOptions } from '../../../../../engine/source/conformance/trial.ts'
import { TokenIssuer } from '../../../../../plugins/simulator/oauth.ts'
import { chance } from '../../../../../plugins/simulator/random.ts'
import { serve } from '../../../../../plugins/simulator/server.ts'
import { addDays, dayIn } from '../../../../../plugins/sync/index.ts'

export const ZONE = 'America/New_York'
const NOW = Date.UTC(2026, 5, 15, 14) * 1000
const PAGE = 20
const CAMPAIGNS = 6

type Row = Record<string, unknown>
type Query = Readonly<Record<string, string | undefined>>

/** Acme Ads: a small platform for the tests of the kit. Figures by day, ads by change, a long list. */
export async function start({ seed, records = 60, now = NOW }: TrialOptions): Promise<Platform> {
  const issuer = new TokenIssuer(`acme ${seed}`, () => now, 3600)
  const { refresh } = issuer.issue()
  const world = { empty: false, repeat: false, forbidden: false, restated: false, drift: '' }
  const today = dayIn(ZONE, now)
  const restatedFrom = addDays(today, -1)

  const figures = (date: string, n: number): Row => {
    const random = chance(seed, date, n)
    const clicks = random.between(0, 500) + (world.restated && date >= restatedFrom ? 1 : 0)
    const row: Row = { campaign: `c${n}`, date, clicks, spend: `${random.between(1, 90)}.25` }
    if (world.drift === 'added') row.viewers = 5
    if (world.drift === 'retyped' && n === 2) row.clicks = 'many'
    if (world.drift === 'missing' && n === 2) delete row.clicks
    return row
  }
  const daily = ({ from = '', to = '' }: Query): Row[] => {
    const rows: Row[] = []
    for (let date = from; date <= to && date <= today; date = addDays(date, 1))
      for (let n = 1; n <= CAMPAIGNS; n++) rows.push(figures(date, n))
    return rows
  }
  const ads = ({ since, until }: Query): Row[] =>
    Array.from({ length: 45 }, (_, n) => ({ id: `a${n}`, updated: now - n * 7_200_000_000, name: `Ad ${n}` }))
      .filter(({ updated }) => updated > Number(since ?? 0) && updated <= Number(until))
      .reverse()

  const page = (rows: (at: number) => Row, length: number, after: string | undefined, size: number) => {
    const at = Number(after ?? 0)
    const end = Math.min(at + size, world.empty ? 0 : length)
    const first = world.repeat ? Math.max(0, at - 2) : at
    const data = Array.from({ length: Math.max(0, end - first) }, (_, i) => rows(first + i))
    return { data, next: end < length && !world.empty ? String(end) : null }
  }
  const list = (rows: readonly Row[], after: string | undefined) =>
    page(at => rows[at]!, rows.length, after, PAGE)

  const guarded =
    (answer: (query: Query) => unknown) =>
    async ({ headers, query }: FastifyRequest, reply: FastifyReply) => {
      const token = (headers.authorization ?? '').replace('Bearer ', '')
      if (issuer.accepts(token) !== 'yes') return reply.code(401).send({ error: 'the token is not good' })
      if (world.forbidden) return reply.code(403).send({ error: 'ads.read is missing' })
      return answer(query as Query)
    }
  const { url, close } = await serve(app => {
    app.post('/oauth/token', async ({ body }, reply) => {
      const issued = issuer.refresh((body as Row).refresh_token as string)
      if (!issued) return reply.code(400).send({ error: 'invalid_grant' })
      return { access_token: issued.access, token_type: 'bearer', expires_in: issued.lifeSeconds }
    })
    app.get(
      '/v1/me',
      guarded(() => ({ zone: ZONE })),
    )
    app.get(
      '/v1/daily',
      guarded(q => list(daily(q), q.after)),
    )
    app.get(
      '/v1/ads',
      guarded(q => list(ads(q), q.after)),
    )
    app.get(
      '/v1/log',
      guarded(q =>
        page(
          n => ({ id: n, text: `line ${n}`.padEnd(100, '.') }),
          records,
          q.after,
          records > 60 ? 1000 : PAGE,
        ),
      ),
    )
  })
  return {
    config: { base_url: `${url}/v1`, token_url: `${url}/oauth/token`, refresh_token: refresh, days: 12 },
    address: { setting: 'base_url' },
    now,
    faults: {
      expireToken: () => issuer.expireAll(),
      forbid: () => {
        world.forbidden = true
      },
      repeatRows: () => {
        world.repeat = true
      },
      empty: () => {
        world.empty = true
      },
      drift: kind => {
        world.drift = kind
      },
      restate: () => {
        world.restated = true
      },
    },
    close,
  }
}
