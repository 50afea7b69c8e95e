import {
  errors,
  type HttpClient,
  header,
  http,
  type Page,
  type Position,
  type Query,
} from '../../../plugins/http/index.ts'
import { checkSettings, type TikTokSetting } from '../settings.ts'
import { type Advertiser, advertisersOf, outOfReach } from './advertisers.ts'
import { type Envelope, inPages } from './envelope.ts'
import { inFlightOf, limitsOf } from './limits.ts'
import { Trouble } from './trouble.ts'

/** Speaks to TikTok's API for Business for one run. */
export interface TikTok extends HttpClient {
  /** Those of the settings, asked for once. One that the token does not reach is left out, with a notice. */
  advertisers(): Promise<readonly Advertiser[]>
  /** The pages of a list; several are under way at once. */
  list(path: string, query: Query, from: Position | null): AsyncGenerator<Page<Envelope>>
}

/** @throws config */
export function tiktok(context: TikTokSetting): TikTok {
  checkSettings(context.config)
  const { base_url, access_token, advertiser_ids } = context.config
  const trouble = new Trouble(context.now)
  const client = http(
    context,
    base_url,
    header('Access-Token', access_token),
    ...limitsOf(context.config, trouble),
    errors(answer => trouble.judge(answer)),
  )
  let asked: Promise<readonly Advertiser[]> | null = null
  const ask = async () => {
    const found = await advertisersOf(client, advertiser_ids)
    for (const id of advertiser_ids) if (!found.some(a => a.id === id)) context.notice(outOfReach(id))
    return found
  }
  const inFlight = inFlightOf(context.config)
  return Object.assign(client, {
    list: (path: string, query: Query, from: Position | null) =>
      client.pages<Envelope>({ path, query }, inPages(path, inFlight), from),
    advertisers() {
      asked ??= ask().catch(error => {
        asked = null
        throw error
      })
      return asked
    },
  })
}
