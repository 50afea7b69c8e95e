import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import { type SimulatorServer, serve } from '../../../plugins/simulator/server.ts'
import type { CrmWorld } from '../../../plugins/simulator/world/crm.ts'
import { Refused } from './answers.ts'
import { Crowd } from './crowd.ts'
import { History } from './history.ts'
import { Jobs } from './jobs.ts'
import { SalesforceLedger } from './ledger.ts'
import { apiRoutes } from './routes.ts'
import { run } from './soql.ts'
import { SalesforceStore } from './store.ts'
import { Whims } from './whims.ts'

export interface SalesforceOptions {
  readonly world: CrmWorld
  /** The platform's clock: UTC microseconds. What happens in the world after it is not there yet. */
  readonly now: () => number
  /** Several currencies (true). */
  readonly isMulti?: boolean
  /** Rows of a page of results at most (50,000). */
  readonly pageRows?: number
  /** Questions that a job is not ready for (2). */
  readonly polls?: number
  /** Requests in 24 hours; null: as many as come. */
  readonly dailyRequests?: number | null
  readonly sessionSeconds?: number
  /** Further leads that are in first reads only, made as they are asked for (0). */
  readonly crowd?: number
  readonly port?: number
}

const APP = { id: '3MVG9.simulated', secret: 'C0FFEE-simulated-secret' }

/** A Salesforce organisation on this machine that behaves as platforms.md §7 says; see the README. */
export class SalesforceSimulator {
  readonly store = new SalesforceStore()
  readonly issuer: TokenIssuer
  readonly jobs: Jobs
  readonly whims = new Whims()
  readonly ledger: SalesforceLedger
  readonly #history: History
  readonly #now: () => number
  #server: SimulatorServer | null = null

  private constructor(options: SalesforceOptions) {
    const { world, isMulti = true, pageRows = 50_000, polls = 2, sessionSeconds = 7200, crowd = 0 } = options
    // Times of rows have whole seconds; the clock goes on in between.
    this.#now = () => Math.floor(options.now() / 1000)
    this.issuer = new TokenIssuer(`salesforce ${world.seed}`, options.now, sessionSeconds)
    this.#history = new History(world, this.store, isMulti)
    this.ledger = new SalesforceLedger(this.store, world.currency)
    this.jobs = new Jobs({
      seed: world.seed,
      polls,
      pageRows,
      now: this.#now,
      crowd: new Crowd(crowd, this.#now()),
      run: (parsed, withDeleted) =>
        this.whims.isEmpty ? [] : run(parsed, { store: this.store, withDeleted, isMulti }),
    })
    this.catchUp()
  }

  static async start(options: SalesforceOptions): Promise<SalesforceSimulator> {
    const simulator = new SalesforceSimulator(options)
    const { isMulti = true, dailyRequests = null, world, port = 0 } = options
    simulator.#server = await serve(
      app => {
        app.setErrorHandler((error, _, reply) => {
          if (error instanceof Refused) return reply.status(error.status).send(error.body())
          const { statusCode = 500, message } = error as { statusCode?: number; message: string }
          return reply.status(statusCode).send(new Refused(statusCode, 'UNKNOWN_EXCEPTION', message).body())
        })
        app.addHook('preHandler', async request => {
          simulator.catchUp()
          if (request.url.startsWith('/services/data/')) simulator.#admit(request, dailyRequests)
        })
        simulator.#tokenRoute(app)
        const { store, jobs, whims } = simulator
        apiRoutes(app, { store, jobs, whims, world, isMulti })
      },
      { port },
    )
    return simulator
  }

  get url(): string {
    return this.#server!.url
  }

  /** What a connection is told, with a refresh token of its own. */
  config() {
    const refresh_token = this.issuer.issue().refresh
    return { login_url: this.url, client_id: APP.id, client_secret: APP.secret, refresh_token }
  }

  /** Lets happen what has happened in the world up to now. */
  catchUp(): this {
    this.#history.catchUp(this.#now())
    return this
  }

  async close(): Promise<void> {
    await this.#server?.close()
  }

  #admit(request: FastifyRequest, daily: number | null): void {
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    if (token === undefined) throw new Refused(401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE')
    if (this.issuer.accepts(token) !== 'yes')
      throw new Refused(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
    this.whims.requests++
    if (daily !== null && this.whims.requests > daily)
      throw new Refused(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
    const ordered = this.whims.faults.findIndex(fault => fault.path.test(request.url))
    if (ordered >= 0) throw this.whims.faults.splice(ordered, 1)[0]!.error
  }

  #tokenRoute(app: FastifyInstance): void {
    app.post('/services/oauth2/token', ({ body, headers }, reply) => {
      const form = (body ?? {}) as Readonly<Record<string, string>>
      const refused = (error: string, error_description: string) =>
        reply.status(400).send({ error, error_description })
      if (form.client_id !== APP.id || form.client_secret !== APP.secret)
        return refused('invalid_client', 'invalid client credentials')
      const issued =
        form.grant_type === 'refresh_token'
          ? this.issuer.refresh(form.refresh_token ?? '')
          : this.issuer.exchange(form.code ?? '', form.code_verifier ?? null)
      if (!issued) return refused('invalid_grant', 'expired access/refresh token')
      // No expires_in, and no new refresh token.
      const instance_url = `http://${headers.host}`
      return {
        access_token: issued.access,
        instance_url,
        id: `${instance_url}/id/00D5f000000EXAMPLE/0055f000000EXAMPLE`,
        token_type: 'Bearer',
        issued_at: String(this.#now()),
        signature: 'c2lnbmVk',
      }
    })
  }
}
