import { type SimulatorServer, serve } from '../../../plugins/simulator/server.ts'
import type { SnapchatOptions } from './options.ts'
import { pixelIdOf } from './pixels.ts'
import { CLIENT, SnapchatPlatform } from './platform.ts'
import { routes } from './routes.ts'

export type { SnapchatOptions } from './options.ts'

export interface SnapchatSimulator extends SimulatorServer {
  readonly platform: SnapchatPlatform
  /** Settings of the connector that reach it, for all of its accounts. */
  readonly config: Readonly<Record<string, unknown>>
}

/** Starts a server that behaves like Snapchat's Marketing API and its token server, over a world's data. */
export async function startSnapchat(options: SnapchatOptions): Promise<SnapchatSimulator> {
  const platform = new SnapchatPlatform(options)
  const { port = 0, time } = options
  const server = await serve(app => routes(app, platform), { port, time })
  const accounts = platform.tree.accounts.map(({ id }) => id)
  const config = {
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    refresh_token: platform.tokens.issue().refresh,
    ad_account_ids: accounts,
    pixel_ids: accounts.map(pixelIdOf),
    base_url: `${server.url}/v1`,
    token_url: `${server.url}/login/oauth2/access_token`,
  }
  return { ...server, platform, config }
}
