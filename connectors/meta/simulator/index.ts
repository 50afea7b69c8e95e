import type { FastifyReply, FastifyRequest } from 'fastify'
import { chance } from '../../../plugins/simulator/random.ts'
import { type PlatformTime, type SimulatorServer, serve } from '../../../plugins/simulator/server.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { callOf } from './call.ts'
import { Gate } from './gate.ts'
import { Jobs } from './jobs.ts'
import { MetaLedger } from './ledger.ts'
import { pixelIdOf } from './quality.ts'
import { invalid, Refused } from './refused.ts'
import { answer, ownerOf, type Parts } from './routes.ts'
import { Store } from './store.ts'
import { Tokens } from './tokens.ts'
import { type MetaLimits, Usage } from './usage.ts'
import { Whims } from './whims.ts'

export interface MetaOptions {
  readonly world: AdWorld
  /** The platform's clock: UTC microseconds. */
  readonly now: () => number
  /** Null (as when left out): it has none. */
  readonly limits?: MetaLimits | null
  /** Every call has to be signed with the app's secret. */
  readonly needsProof?: boolean
  /** How long the connection's token lives; null (as when left out): a system user's, which does not end. */
  readonly tokenLifeSeconds?: number | null
  readonly scopes?: readonly string[]
  /** From a write until it is read (200). Milliseconds of the platform's clock. */
  readonly writeDelayMs?: number
  /** Until a report is known, and until it is ready (5, 30). Milliseconds. */
  readonly jobs?: { readonly unseenMs: number; readonly readyMs: number }
  /** Rows that a page has at most, whatever is asked (1,000). */
  readonly mostRows?: number
  readonly hasDatasetQuality?: boolean
  /** The time that limits are kept by. */
  readonly time?: PlatformTime
  readonly port?: number
}

const VERSION = 'v26.0'

/** A Graph API on this machine that behaves as platforms.md §1 says; see the connector's README. */
export class MetaSimulator {
  readonly tokens: Tokens
  readonly store: Store
  readonly gate: Gate
  readonly usage: Usage | null
  readonly jobs: Jobs
  readonly whims: Whims
  readonly ledger: MetaLedger
  /** What a connection is given. */
  readonly token: string
  readonly #server: SimulatorServer
  readonly #restated: { byUs: number }

  private constructor(made: Made, server: SimulatorServer) {
    this.tokens = made.parts.tokens
    this.store = made.parts.store
    this.gate = made.gate
    this.usage = made.usage
    this.jobs = made.parts.jobs
    this.whims = made.parts.whims
    this.ledger = new MetaLedger(made.parts)
    this.token = made.token
    this.#server = server
    this.#restated = made.restated
  }

  static async start(options: MetaOptions): Promise<MetaSimulator> {
    const made = make(options)
    const { parts, gate } = made
    let traced = 0
    const server = await serve(
      app => {
        app.setErrorHandler((error, _, reply) => {
          const trace = `A${chance(parts.store.world.seed, 'trace', traced++).between(1e9, 9e9).toString(36)}`
          if (error instanceof Refused) return reply.status(error.status).send(error.body(trace))
          const { statusCode = 500, message } = error as { statusCode?: number; message: string }
          return reply.status(statusCode).send(invalid(message).body(trace))
        })
        const handle = async (request: FastifyRequest, reply: FastifyReply) => {
          const call = callOf(request)
          gate.admit(call, ownerOf(call, parts), reply)
          return answer(call, parts)
        }
        app.get('/:version/oauth/access_token', async request => {
          const { fb_exchange_token: token, client_id, client_secret } = callOf(request).params
          const { id, secret } = parts.tokens.app
          if (client_id !== id || client_secret !== secret)
            throw new Refused({ code: 101, message: 'Error validating application.' })
          return parts.tokens.exchange(token ?? '')
        })
        for (const path of ['/:version/:id', '/:version/:id/:edge']) {
          app.get(path, handle)
          app.post(path, handle)
        }
      },
      { port: options.port ?? 0, time: options.time },
    )
    return new MetaSimulator(made, server)
  }

  /** The address of the API, with its version. */
  get url(): string {
    return `${this.#server.url}/${VERSION}`
  }

  /** What a connection is told, defaults included. */
  config() {
    const ids = this.store.accounts.map(account => account.id)
    return {
      base_url: this.url,
      access_token: this.token,
      app_secret: this.tokens.app.secret,
      ad_account_ids: ids.map(id => `act_${id}`),
      pixel_ids: ids.map(pixelIdOf),
      history_days: 90,
      purchase_action: 'omni_purchase',
      access_tier: 'full',
    }
  }

  /** From now on figures of past days are what they would have become so much later. Microseconds. */
  restate(byUs: number): void {
    this.#restated.byUs += byUs
  }

  close(): Promise<void> {
    return this.#server.close()
  }
}

interface Made {
  readonly parts: Parts
  readonly gate: Gate
  readonly usage: Usage | null
  readonly token: string
  readonly restated: { byUs: number }
}

function make(options: MetaOptions): Made {
  const { world, now, limits = null, scopes = ['ads_read', 'ads_management'] } = options
  const { needsProof = false, tokenLifeSeconds = null, writeDelayMs = 200, mostRows = 1000 } = options
  const store = new Store(world, now, writeDelayMs)
  const tokens = new Tokens(world.seed, now)
  const usage = limits === null ? null : new Usage(limits, options.time?.now)
  const whims = new Whims()
  const jobs = new Jobs(options.jobs ?? { unseenMs: 5, readyMs: 30 }, whims)
  const restated = { byUs: 0 }
  const parts: Parts = {
    ...{ store, tokens, jobs, whims, now, mostRows },
    asOf: () => now() + restated.byUs,
    hasDatasetQuality: options.hasDatasetQuality ?? true,
  }
  const gate = new Gate({ tokens, store, usage, needsProof })
  return { parts, gate, usage, token: tokens.issue(scopes, tokenLifeSeconds), restated }
}
