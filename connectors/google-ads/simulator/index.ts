import { type SimulatorServer, serve } from '../../../plugins/simulator/server.ts'
import type { GoogleAdsOptions } from './options.ts'
import { CLIENT, DEVELOPER_TOKEN, GoogleAdsPlatform, MANAGER } from './platform.ts'
import { routes } from './routes.ts'

export type { GoogleAdsOptions } from './options.ts'

export interface GoogleAdsSimulator extends SimulatorServer {
  readonly platform: GoogleAdsPlatform
  /** Settings of the connector that reach it, for all of its accounts. */
  readonly config: Readonly<Record<string, unknown>>
}

/** Starts a server that behaves like the Google Ads API (REST) and Google's token server, over a world's data. */
export async function startGoogleAds(options: GoogleAdsOptions): Promise<GoogleAdsSimulator> {
  const platform = new GoogleAdsPlatform(options)
  const { port = 0, throughManager = true, time } = options
  const server = await serve(app => routes(app, platform), { port, time })
  const config = {
    developer_token: DEVELOPER_TOKEN,
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    refresh_token: platform.tokens.issue().refresh,
    customer_ids: platform.accounts.map(({ account }) => account.id),
    ...(throughManager ? { login_customer_id: MANAGER } : {}),
    base_url: `${server.url}/v25`,
    token_url: `${server.url}/token`,
  }
  return { ...server, platform, config }
}
