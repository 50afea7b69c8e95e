import { type SimulatorServer, serve } from '../../../plugins/simulator/server.ts'
import { Ledger } from './ledger.ts'
import type { GA4Options } from './options.ts'
import { CLIENT, GA4Platform, PROJECT } from './platform.ts'
import { routes } from './routes.ts'

export type { LedgerDay, ReportedDay } from './ledger.ts'
export type { GA4Options } from './options.ts'

/** A server that behaves like BigQuery with the export of one GA4 property, its Data API, and Google's token server. */
export class GA4Simulator {
  readonly platform: GA4Platform
  /** What a connector should come to. */
  readonly ledger: Ledger
  readonly #server: SimulatorServer

  private constructor(platform: GA4Platform, server: SimulatorServer) {
    this.platform = platform
    this.ledger = new Ledger(platform.world, platform.asOf)
    this.#server = server
  }

  static async start(options: GA4Options): Promise<GA4Simulator> {
    const platform = new GA4Platform(options)
    const { port = 0 } = options
    return new GA4Simulator(platform, await serve(app => routes(app, platform), { port }))
  }

  get url(): string {
    return this.#server.url
  }

  /** Settings of the connector that reach it; each call authorises anew. */
  config(): Readonly<Record<string, string>> {
    return {
      project_id: PROJECT,
      property_id: this.platform.world.propertyId,
      bigquery_url: `${this.url}/bigquery/v2`,
      ...this.#oauth(),
    }
  }

  /** Settings with which it reads reports. */
  reportConfig(): Readonly<Record<string, string>> {
    return {
      report_property_id: this.platform.world.propertyId,
      data_api_url: `${this.url}/v1beta`,
      ...this.#oauth(),
    }
  }

  #oauth() {
    return {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      refresh_token: this.platform.tokens.issue().refresh,
      token_url: `${this.url}/token`,
    }
  }

  close(): Promise<void> {
    return this.#server.close()
  }
}
