import { randomUUID } from 'node:crypto'
import { Redis, ReplyError } from 'ioredis'
import { isOutage, messageOf, StratumError } from '../../errors.ts'
import { logger } from '../../telemetry/logger.ts'
import { taken } from './bucket.ts'
import { type CacheConnection, clientOptions } from './connection.ts'
import { HeldLock } from './lock.ts'
import { MemoryCache } from './memory.ts'
import type { Cache, Limit, Lock, Sessions, Taken } from './port.ts'
import { SCRIPTS, type Script } from './scripts.ts'
import { NO_DATABASE, type Place, translate } from './trouble.ts'
import { flat, type Windows } from './windows.ts'

/** What the tests run on. */
const OLDEST = 7

/** Redis. Connects when it is first asked; later it comes back by itself. */
export class RedisCache implements Cache {
  readonly sessions: Sessions
  readonly windows: Windows
  readonly #redis: Redis
  readonly #place: Place
  readonly #prefix: string
  readonly #local = new MemoryCache()
  /** The first connection, which those wait for who ask before there was one. */
  #first: Promise<void> | null = null
  /** Why there is no connection. */
  #lost: unknown = null
  #refused: StratumError | null = null
  #isClosed = false

  constructor(connection: CacheConnection) {
    const { options, place } = clientOptions(connection)
    const scripts = Object.entries(SCRIPTS).map(([name, lua]) => [name, { lua, numberOfKeys: 1 }])
    this.#redis = new Redis({ ...options, scripts: Object.fromEntries(scripts) })
    this.#redis.on('error', error => {
      this.#lost = error
      if (NO_DATABASE.test(messageOf(error))) this.#refused = translate(error, place)
    })
    this.#redis.on('ready', () => {
      this.#lost = null
    })
    this.#place = place
    this.#prefix = connection.prefix ?? 'stratum:'
    this.sessions = this.#sessionsOf()
    this.windows = this.#windowsOf()
  }

  async get(key: string): Promise<string | null> {
    return this.#orAway(() => this.#ask(redis => redis.get(this.#key('value', key))), null)
  }

  async set(key: string, value: string, ttlMs: number): Promise<boolean> {
    const set = (redis: Redis) => redis.set(this.#key('value', key), value, 'PX', Math.ceil(ttlMs))
    return this.#orAway(async () => (await this.#ask(set)) === 'OK', false)
  }

  async delete(key: string): Promise<void> {
    await this.#ask(redis => redis.del(this.#key('value', key)))
  }

  async take(bucket: string, limit: Limit, n = 1): Promise<Taken> {
    const { perSecond, burst } = limit
    try {
      const answer = await this.#run('take', this.#key('bucket', bucket), perSecond, burst, n)
      const [allowed, tokens, at] = answer as [number, string, number]
      return taken({ tokens: Number(tokens), at }, allowed === 1, n, limit, false)
    } catch (error) {
      if (!isOutage(error)) throw error
      return { ...(await this.#local.take(bucket, limit, n)), isLocal: true }
    }
  }

  async lock(name: string, ttlMs: number): Promise<Lock | null> {
    const key = this.#key('lock', name)
    const ms = Math.ceil(ttlMs)
    const asked = performance.now()
    const token = Number(await this.#run('lock', key, ms))
    if (token === 0) return null
    const hold = async (ms: number) => (await this.#run('hold', key, String(token), Math.ceil(ms))) === 1
    return new HeldLock(token, ms, { extend: hold, release: () => this.#orAway(() => hold(0), false) }, asked)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#redis.disconnect()
    await this.#first
  }

  #sessionsOf(): Sessions {
    const run = (script: Script, owner: string, ...args: readonly (string | number)[]) =>
      this.#run(script, this.#key('sessions', owner), ...args)
    return {
      put: async (owner, id, data, ttlMs) => {
        await run('sessionPut', owner, id, data, Math.ceil(ttlMs))
      },
      get: async (owner, id) => (await run('sessionGet', owner, id)) as string | null,
      end: async (owner, id) => (await run('sessionEnd', owner, id)) as string | null,
      endAll: async owner => Number(await run('sessionEndAll', owner)),
      list: async owner => ((await run('sessionList', owner)) as string[]).sort(),
    }
  }

  #windowsOf(): Windows {
    return {
      take: async (key, limits, cost, leaseMs) => {
        const id = randomUUID()
        const args = [id, cost, Math.ceil(leaseMs), ...flat(limits)]
        const waitMs = Number(await this.#run('windowTake', this.#key('windows', key), ...args))
        return waitMs === 0 ? { id: `${id}:${cost}` } : { waitMs }
      },
      answered: async (key, id, limits, { pauseMs = 0, left = [] } = {}) => {
        const args = [id, Math.ceil(pauseMs), left.length, ...flat(left), ...flat(limits)]
        await this.#run('windowAnswered', this.#key('windows', key), ...args)
      },
    }
  }

  #key(kind: string, name: string): string {
    return `${this.#prefix}${kind}:${name}`
  }

  #run(script: Script, key: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.#ask(redis => {
      const scripts = redis as unknown as Record<Script, (...args: unknown[]) => Promise<unknown>>
      return scripts[script](key, ...args)
    })
  }

  async #ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new StratumError('STORE_UNAVAILABLE', 'Cache: it is closed')
    this.#first ??= this.#connect()
    await this.#first
    if (this.#refused) throw this.#refused
    try {
      if (this.#redis.status !== 'ready') throw this.#lost ?? new Error('the connection is lost')
      return await question(this.#redis)
    } catch (error) {
      // Of a lost connection the client says how it gave up, not why.
      throw translate(error instanceof ReplyError ? error : (this.#lost ?? error), this.#place)
    }
  }

  async #orAway<T>(ask: () => Promise<T>, away: T): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      if (isOutage(error)) return away
      throw error
    }
  }

  /** Whatever comes of it is told to whoever asks; a server that is away is tried on by itself. */
  async #connect(): Promise<void> {
    try {
      await this.#redis.connect()
      await this.#inspect()
    } catch (error) {
      this.#lost ??= error
    }
  }

  async #inspect(): Promise<void> {
    const version = /redis_version:(\S+)/.exec(await this.#redis.info('server'))?.[1] ?? ''
    if (Number.parseInt(version, 10) < OLDEST) {
      const what = `Cache: this is Redis ${version}: version ${OLDEST} or newer is needed`
      this.#refused = new StratumError('STORE_REFUSED', what)
    }
    // Where the server is somebody else's that is not told.
    const told = await this.#redis.config('GET', 'maxmemory-policy').catch(() => [])
    const policy = Array.isArray(told) ? told[1] : undefined
    if (policy !== undefined && policy !== 'noeviction')
      logger('cache').warn(
        `Redis throws out keys when it is full (maxmemory-policy ${policy}): locks and sessions among them. Set it to noeviction.`,
      )
  }
}
