import type { Source } from '../../../../../engine/source/port.ts'
import { type Connected, connector, type SliceContext, sliced } from '../../../../../plugins/contract.ts'
import { authError, RetryableError } from '../../../../../plugins/errors.ts'
import {
  byCursor,
  errors,
  type HttpClient,
  http,
  oauth2,
  type Part,
} from '../../../../../plugins/http/index.ts'
import { toMicros } from '../../../../../plugins/money/index.ts'
import {
  array,
  type FromSchema,
  integer,
  nullable,
  object,
  optional,
  string,
} from '../../../../../plugins/schema.ts'
import { byDay, byTime, type DaySlice, full, type TimeSlice } from '../../../../../plugins/sync/index.ts'
import { start, ZONE } from './platform.ts'

/** What can be wrong with it; each breaks one thing. */
export type Defect =
  | 'leaks its secret'
  | 'has a setting without a title'
  | 'gives wrong types'
  | 'gives no primary key'
  | 'loops on an empty page'
  | 'holds everything'
  | 'takes 403 for 401'
  | 'crashes on drift'
  | 'makes up what is missing'
  | 'swallows a 500'
  | 'takes half a body for an empty one'
  | 'waits without end'
  | 'does not wait as told'
  | 'never renews its token'
  | 'stops at a row it knows'
  | 'reads no day again'
  | 'goes by the zone of the machine'

interface Page {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly next: string | null
}

const Daily = object({
  campaign: string(),
  date: string(),
  clicks: nullable(integer()),
  spend_micros: integer(),
  local: nullable(string()),
})
const Ad = object({ id: optional(string()), updated: integer(), name: string() })
const Line = object({ id: integer(), text: string() })

const Settings = object({
  base_url: string({ title: 'Address', default: 'https://api.acme.example/v1' }),
  token_url: string({ title: 'Address that gives tokens' }),
  refresh_token: string({ title: 'Refresh token', secret: true }),
  days: integer({ title: 'Days of history', default: 30, minimum: 1 }),
  tags: optional(array(string(), { title: 'Tags' })),
})
type Settings = FromSchema<typeof Settings>
type Reads<Slice> = SliceContext<Settings, HttpClient, Slice>

const paging = byCursor({ param: 'after', next: (body: Page) => body.next })

/** A well-behaved connector, or one with a defect. */
export function acme(defect: Defect | null = null): Source {
  const has = (one: Defect) => defect === one
  const held: unknown[] = []
  const config = has('has a setting without a title')
    ? { ...Settings, properties: { ...Settings.properties, token_url: string() } }
    : Settings

  /** Ends a list where it should fail. */
  const swallowing: Part = errors(answer => {
    if (!answer.ask.path.includes('me') && has('swallows a 500') && answer.status === 500) {
      Object.assign(answer, { json: () => ({ data: [], next: null }) })
      return 'ok'
    }
    if (has('takes half a body for an empty one') && answer.status === 200) {
      const { text } = answer
      const whole = text.call(answer)
      Object.assign(answer, {
        json: () => {
          try {
            return JSON.parse(whole)
          } catch {
            return { data: [], next: null }
          }
        },
      })
    }
    if (has('takes 403 for 401') && answer.status === 403) return authError('the credentials are refused')
    if (has('does not wait as told') && answer.status === 429) return new RetryableError('too many')
    return undefined
  })

  return connector({
    id: 'acme',
    title: 'Acme Ads',
    version: '1.0.0',
    config: config as typeof Settings,
    client(context) {
      const { base_url, token_url, refresh_token } = context.config
      const auth = oauth2({ tokenUrl: token_url, clientId: 'stratum', refreshToken: refresh_token })
      const { renew: _, ...withoutRenewal } = auth
      const { pace: __, ...patient } = context
      if (has('leaks its secret')) context.notice(`connecting with ${refresh_token}`)
      return http(
        has('waits without end') ? { ...patient, pace: { backOffMs: 1 } } : context,
        base_url,
        has('never renews its token') ? withoutRenewal : auth,
        swallowing,
      )
    },
    check: ({ client }) => client.get('me'),
    streams: {
      daily: sliced({
        title: 'Figures by day',
        kind: null,
        schema: Daily,
        primaryKey: ['campaign', 'date'],
        cursor: byDay('date', {
          restated: has('reads no day again') ? 0 : 3,
          slice: 7,
          history: (context: Connected<Settings, HttpClient>) => context.config.days,
          zone: () => ZONE,
        }),
        async *read({ client, slice, from }: Reads<DaySlice>) {
          const ask = { path: 'daily', query: { from: slice.from, to: slice.to } }
          const seen = new Set<unknown>()
          for await (const { body, next } of client.pages<Page>(ask, paging, from)) {
            if (has('loops on an empty page') && body.data.length === 0)
              for (;;) await client.get('daily', ask.query)
            const known = body.data.some(row => seen.has(`${row.campaign} ${row.date}`))
            if (has('stops at a row it knows') && known) {
              yield { records: [], next: null }
              return
            }
            for (const row of body.data) seen.add(`${row.campaign} ${row.date}`)
            yield { ...toDaily(body.data), next }
          }
        },
      }),
      ads: sliced({
        title: 'Ads',
        kind: null,
        schema: Ad,
        primaryKey: ['id'],
        cursor: byTime('updated', { lookBack: 60_000 }),
        async *read({ client, slice, from }: Reads<TimeSlice>) {
          const ask = { path: 'ads', query: { since: slice.from, until: slice.to } }
          for await (const { body, next } of client.pages<Page>(ask, paging, from))
            yield {
              records: body.data.map(({ id, ...rest }) =>
                has('gives no primary key') ? rest : { id, ...rest },
              ) as { updated: number; name: string }[],
              next,
            }
        },
      }),
      log: sliced({
        title: 'A long list',
        kind: null,
        schema: Line,
        primaryKey: ['id'],
        cursor: full(),
        async *read({ client, from }: Reads<null>) {
          for await (const { body, next } of client.pages<Page>('log', paging, from)) {
            if (has('holds everything')) held.push(body)
            yield { records: body.data as { id: number; text: string }[], next }
          }
        },
      }),
    },
    trial: async () => ({ default: { start } }),
  })

  function toDaily(rows: Page['data']) {
    const records: Record<string, unknown>[] = []
    const rejected: { reason: string; origin: string; bytes: Buffer }[] = []
    for (const row of rows) {
      const { campaign, date, clicks, spend } = row
      if (has('crashes on drift')) (clicks as number).toFixed()
      const known = typeof clicks === 'number' || clicks === undefined
      if (!known && !has('makes up what is missing')) {
        const bytes = Buffer.from(JSON.stringify(row))
        rejected.push({
          reason: `clicks is ${JSON.stringify(clicks)} and no number`,
          origin: `daily ${date}`,
          bytes,
        })
        continue
      }
      records.push({
        campaign,
        date,
        clicks: has('makes up what is missing') ? Number(clicks) || 0 : (clicks ?? null),
        spend_micros: has('gives wrong types') ? String(spend) : toMicros(String(spend), { currency: 'USD' }),
        local: has('goes by the zone of the machine') ? new Date(`${date}T12:00:00Z`).toString() : null,
      })
    }
    return { records, rejected }
  }
}
