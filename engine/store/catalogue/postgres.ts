import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import pg, { type PoolClient, type PoolConfig } from 'pg'
import { StratumError } from '../../errors.ts'
import { type Once, once } from '../once.ts'
import { attempt, beginning, type Limits } from './attempt.ts'
import { applied, migrate, pending } from './migrate.ts'
import { MIGRATIONS } from './migrations/index.ts'
import type { Catalogue, Migration, Param, Row, Scope, Session } from './port.ts'
import { kindOf, mayReturn, type Place, translate, unknownOutcome } from './trouble.ts'
import { parsers } from './values.ts'

export interface PostgresOptions {
  readonly pool: PoolConfig
  readonly limits: Limits
  /** null: in process. */
  readonly place: Place | null
  readonly migrations?: readonly Migration[]
  /** Ends what the connections lead to. */
  readonly close?: () => Promise<void>
}

/** What the tests run on; older ones are hardly kept up any more. */
const OLDEST = 15

/** How long transactions are tried that collide, and connections that are lost. */
const COLLIDING_MS = 30_000
const LOST_MS = 5_000
const PAUSE_MS = { shortest: 5, longest: 500 }

/** A catalogue behind connections of PostgreSQL's own protocol. */
export class PostgresCatalogue implements Catalogue {
  readonly #options: PostgresOptions
  readonly #migrations: readonly Migration[]
  readonly #pool: pg.Pool
  readonly #ready: Once<void>
  readonly #inside = new AsyncLocalStorage<true>()
  #closed: Promise<void> | null = null

  constructor(options: PostgresOptions) {
    this.#options = options
    this.#migrations = options.migrations ?? MIGRATIONS
    this.#pool = new pg.Pool({ ...options.pool, types: parsers as NonNullable<PoolConfig['types']> })
    // Connections that end while nobody uses them: the next transaction makes others.
    this.#pool.on('error', () => {})
    this.#ready = once(() => this.#connected(client => this.#prepare(client)))
  }

  async query<T = Row>(scope: Scope, sql: string, params: readonly Param[] = []): Promise<T[]> {
    return this.transaction(scope, session => session.query<T>(sql, params))
  }

  async transaction<T>(scope: Scope, fn: (session: Session) => Promise<T>): Promise<T> {
    if (this.#inside.getStore())
      throw refuse(
        'a transaction inside a transaction would wait for a connection for ever: hand on its session',
      )
    const { limits } = this.#options
    const begin = beginning(scope, limits)
    await this.#ready.get()
    const began = performance.now()
    for (let tries = 1; ; tries++) {
      const client = await this.#connect(began)
      const ended = await this.#inside.run(true, () => attempt(client, begin, fn, limits))
      if (ended.how === 'done') return ended.result
      if (ended.how === 'thrown') throw ended.error
      if (ended.how === 'unknown') throw unknownOutcome(ended.error, this.#options.place)
      if (!worthTrying(ended.error, began)) throw translate(ended.error, this.#options.place)
      await pause(tries)
    }
  }

  async plan(): Promise<Migration[]> {
    return this.#connected(async client => {
      await refuseOld(client)
      return pending(await applied(client), this.#migrations)
    })
  }

  async migrate(): Promise<Migration[]> {
    return this.#connected(async client => {
      await refuseOld(client)
      return migrate(client, this.#migrations, Date.now() * 1000)
    })
  }

  async close(): Promise<void> {
    this.#closed ??= this.#pool.end().then(() => this.#options.close?.())
    return this.#closed
  }

  /** An empty catalogue is made; one that is there is changed by `apply` only. */
  async #prepare(client: PoolClient): Promise<void> {
    await refuseOld(client)
    const found = await applied(client)
    const steps = pending(found, this.#migrations)
    if (steps.length === 0) return
    if (found.length > 0)
      throw new StratumError(
        'TABLE_MISMATCH',
        `The catalogue has version ${found.length}, this release needs ${this.#migrations.length}: \`stratum plan\` shows what would change, \`stratum apply\` does it`,
      )
    await migrate(client, this.#migrations, Date.now() * 1000)
  }

  async #connected<T>(fn: (client: PoolClient) => Promise<T>): Promise<T> {
    const began = performance.now()
    for (let tries = 1; ; tries++) {
      const client = await this.#connect(began)
      const hear = () => {}
      client.on('error', hear)
      try {
        const result = await fn(client)
        client.release()
        return result
      } catch (error) {
        client.release(true)
        // Two may make the same thing at once where no lock keeps them apart: the first schema, the first role.
        if (!worthTrying(error, began)) throw translate(error, this.#options.place)
        await pause(tries)
      } finally {
        client.off('error', hear)
      }
    }
  }

  async #connect(began: number): Promise<PoolClient> {
    for (let tries = 1; ; tries++) {
      if (this.#closed) throw new StratumError('STORE_UNAVAILABLE', 'Catalogue: it is closed')
      try {
        return await this.#pool.connect()
      } catch (error) {
        if (!worthTrying(error, began)) throw translate(error, this.#options.place)
        await pause(tries)
      }
    }
  }
}

function worthTrying(error: unknown, began: number): boolean {
  const ms = performance.now() - began
  return kindOf(error) === 'collision' ? ms < COLLIDING_MS : mayReturn(error) && ms < LOST_MS
}

/** Longer from try to try, and never the same for two that have collided. */
const pause = (tries: number) =>
  wait(Math.min(PAUSE_MS.shortest * 2 ** tries, PAUSE_MS.longest) * (0.5 + Math.random()))

async function refuseOld(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version') AS version",
  )
  const version = rows[0]!.version
  if (Number.parseInt(version, 10) < OLDEST)
    throw refuse(`this is PostgreSQL ${version}: version ${OLDEST} or newer is needed`)
}

const refuse = (what: string) => new StratumError('STORE_REFUSED', `Catalogue: ${what}`)
