import { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import { type SimulatorServer, serve } from '../../../plugins/simulator/server.ts'
import type { CrmWorld } from '../../../plugins/simulator/world/crm.ts'
import { type App, accountRoutes, oauthRoutes } from './account-routes.ts'
import { Refused } from './answers.ts'
import { batchRoutes } from './batch-routes.ts'
import { Crowd } from './crowd.ts'
import { Gate, LIMITS, type Limits, Ordered } from './gate.ts'
import { History } from './history.ts'
import { HubspotLedger } from './ledger.ts'
import { legacyRoutes } from './legacy-routes.ts'
import { objectRoutes } from './object-routes.ts'
import { HubspotStore } from './store.ts'
import { Webhooks } from './webhooks.ts'
import { Whims } from './whims.ts'

export interface HubspotOptions {
  readonly world: CrmWorld
  /** The platform's clock: UTC microseconds. What happens in the world after it is not there yet. */
  readonly now: () => number
  /** Null: it has none. Left out: those of a private app. */
  readonly limits?: Limits | null
  /** From a write until searches find it (3,000). Milliseconds. */
  readonly indexLagMs?: number
  readonly tokenLifeSeconds?: number
  /** A refresh token is dead once it was used. */
  readonly rotates?: boolean
  /** Contacts that an answer gives of one deal (500). */
  readonly associationsPage?: number
  /** Further contacts that are there in lists only, made as they are asked for (0). */
  readonly crowd?: number
  /** Waits between two tries of a webhook delivery: in life 10 within 24 hours. Milliseconds. */
  readonly webhookRetryMs?: readonly number[]
  readonly port?: number
}

const APP: App = { id: 'b3a1c0de-app', secret: 'yyyyyyyy-yyyy-yyyy-yyyy-simulated000' }
const HOUR_MS = 3_600_000
const RETRIES_MS = [1, 2, 4, 8, 15, 30, 60, 120, 300, 840].map(minutes => (minutes * HOUR_MS) / 60)

interface Parts {
  readonly store: HubspotStore
  readonly history: History
  readonly issuer: TokenIssuer
  readonly gate: Gate
  readonly whims: Whims
  readonly webhooks: Webhooks
  readonly ledger: HubspotLedger
  readonly privateToken: string
}

function partsOf(options: HubspotOptions, now: () => number): Parts {
  const { world, limits = LIMITS, tokenLifeSeconds = 1800, rotates = false } = options
  const store = new HubspotStore()
  const issuer = new TokenIssuer(`hubspot ${world.seed}`, options.now, tokenLifeSeconds, rotates)
  const privateToken = `pat-eu1-${issuer.code(null)}`
  const retryMs = options.webhookRetryMs ?? RETRIES_MS
  const webhooks = new Webhooks({ secret: APP.secret, retryMs, now })
  store.onChange(change => webhooks.add(change))
  const history = new History(world, store)
  history.catchUp(now())
  return {
    store,
    history,
    issuer,
    gate: new Gate({ issuer, privateToken, limits }),
    whims: new Whims(),
    webhooks,
    ledger: new HubspotLedger(store, world.currency),
    privateToken,
  }
}

/** A HubSpot account on this machine that behaves as platforms.md §6 says; see the README. */
export class HubspotSimulator {
  readonly store: HubspotStore
  readonly issuer: TokenIssuer
  readonly gate: Gate
  readonly whims: Whims
  readonly webhooks: Webhooks
  readonly ledger: HubspotLedger
  /** Of a private app. */
  readonly privateToken: string
  readonly #history: History
  readonly #server: SimulatorServer
  readonly #now: () => number

  private constructor(parts: Parts, server: SimulatorServer, now: () => number) {
    this.store = parts.store
    this.issuer = parts.issuer
    this.gate = parts.gate
    this.whims = parts.whims
    this.webhooks = parts.webhooks
    this.ledger = parts.ledger
    this.privateToken = parts.privateToken
    this.#history = parts.history
    this.#server = server
    this.#now = now
  }

  static async start(options: HubspotOptions): Promise<HubspotSimulator> {
    const { world, indexLagMs = 3000, associationsPage = 500, crowd = 0, port = 0 } = options
    // One clock of whole milliseconds, as the platform's own times are.
    const now = () => Math.floor(options.now() / 1000)
    const parts = partsOf(options, now)
    const { store, gate, whims, issuer } = parts
    const server = await serve(
      app => {
        app.setErrorHandler((error, _, reply) => {
          if (error instanceof Refused) return reply.status(error.status).send(error.body())
          if (error instanceof Ordered) {
            const { status, body, headers = {} } = error.fault
            return reply.status(status).headers(headers).send(body)
          }
          const { statusCode = 500, message } = error as { statusCode?: number; message: string }
          return reply.status(statusCode).send(new Refused(statusCode, 'VALIDATION_ERROR', message).body())
        })
        app.addHook('preHandler', async (request, reply) => {
          parts.history.catchUp(now())
          if (!request.url.startsWith('/oauth/')) gate.admit(request, reply)
        })
        oauthRoutes(app, issuer, APP)
        accountRoutes(app, world, whims)
        objectRoutes(app, { store, whims, crowd: new Crowd(crowd, now()), indexLagMs, now })
        batchRoutes(app, { store, associationsPage, now })
        legacyRoutes(app, store)
      },
      { port },
    )
    return new HubspotSimulator(parts, server, now)
  }

  get url(): string {
    return this.#server.url
  }

  /** The client secret: what deliveries are signed with. */
  get secret(): string {
    return APP.secret
  }

  /** What a connection is told: of a public app (with a refresh token of its own), or of the private one. */
  config(kind: 'public' | 'private' = 'public') {
    const base_url = this.url
    if (kind === 'private') return { base_url, access_token: this.privateToken }
    return {
      base_url,
      client_id: APP.id,
      client_secret: APP.secret,
      refresh_token: this.issuer.issue().refresh,
    }
  }

  /** Lets happen what has happened in the world up to now. */
  catchUp(): this {
    this.#history.catchUp(this.#now())
    return this
  }

  close(): Promise<void> {
    return this.#server.close()
  }
}
