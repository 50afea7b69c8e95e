import { EntityChanges } from '../../../plugins/simulator/entities.ts'
import { PlatformLimits } from '../../../plugins/simulator/limits.ts'
import type { PlatformTime } from '../../../plugins/simulator/server.ts'
import type { AdWorld } from '../../../plugins/simulator/world/port.ts'
import { TASK_LIMITS } from '../api/limits.ts'
import { Refusal } from './answer.ts'
import { Entities } from './entities.ts'
import { Faults } from './faults.ts'

export interface TikTokOptions {
  readonly world: AdWorld
  /** UTC microseconds. */
  readonly now: () => number
  /** The token that is good. */
  readonly token?: string
  readonly appId?: string
  readonly appSecret?: string
  /** Of the app; none: it may ask as often as it likes. */
  readonly limits?: readonly { readonly calls: number; readonly perMs: number }[]
  /** Most rows of a page, whatever is asked for (1000): small ones make many pages of little. */
  readonly pageRows?: number
  /** From a write until it is read. Milliseconds (0). */
  readonly readDelayMs?: number
  /** From so many ads of an advertiser on, a synchronous report is cut off (20,000). */
  readonly manyAds?: number
  /** How often a report task is not ready yet (2). */
  readonly taskPolls?: number
  /** Share of the ads that were deleted (0.1). */
  readonly deleted?: number
  /** The time that limits are kept by. */
  readonly time?: PlatformTime
}

const MINUTE_US = 60_000_000

/** The memory of a simulated TikTok: what is behind its routes. */
export class Platform {
  readonly world: AdWorld
  readonly options: TikTokOptions
  readonly entities: Entities
  readonly changes: EntityChanges
  readonly faults = new Faults()
  /** Null: none. */
  readonly limits: PlatformLimits | null
  readonly taskLimits: PlatformLimits | null
  token: string
  #requests = 0

  constructor(options: TikTokOptions) {
    const { world, now, limits, readDelayMs = 0, token = 'access-of-the-simulator', time } = options
    this.options = options
    this.world = world
    this.token = token
    this.changes = new EntityChanges(now, readDelayMs)
    this.entities = new Entities(world, this.changes, options.deleted ?? 0.1)
    this.limits = limits ? new PlatformLimits(limits, time?.now) : null
    this.taskLimits = limits ? new PlatformLimits(TASK_LIMITS, time?.now) : null
  }

  /** When reports are of: they are made anew every minute. */
  get asOf(): number {
    const now = this.options.now() + this.faults.aheadUs
    return now - (now % MINUTE_US)
  }

  /** Somebody connects again: another token is good from now on, and that one alone. */
  connectAgain(): string {
    this.token = `${this.token}-again`
    this.faults.isExpired = false
    return this.token
  }

  requestId(): string {
    return `${this.world.seed}${String(++this.#requests).padStart(16, '0')}`
  }

  /** @throws Refusal: 40104 no token, 40105 a wrong one, 40102 one that has ended */
  authorise(token: unknown): void {
    if (typeof token !== 'string' || token === '') throw new Refusal(40104, 'Access token is empty')
    if (token !== this.token) throw new Refusal(40105, 'Access token is incorrect or has been revoked.')
    if (this.faults.isExpired) throw new Refusal(40102, 'Access token has expired')
    if (this.faults.isForbidden)
      throw new Refusal(40001, 'No permission to operate advertiser: the app lacks a scope')
  }

  /** @throws Refusal: 40100, with the limit in its words */
  count(path: string): void {
    const waitMs = this.limits?.refuse('app') ?? null
    if (waitMs !== null) throw new Refusal(40100, `App reaches the ${windowOf(waitMs)} limit.`)
    if (path !== 'report/task/create/') return
    const taskMs = this.taskLimits?.refuse('app') ?? null
    if (taskMs !== null)
      throw new Refusal(40100, `App reaches the ${windowOf(taskMs)} limit of this endpoint.`)
  }

  /** @throws Refusal: 40001, as for one that has not authorised the app */
  advertiser(id: string) {
    const found = this.entities.accounts.find(account => account.id === id)
    if (!found) throw new Refusal(40001, `No permission to operate advertiser ${id}`)
    return found
  }
}

const windowOf = (waitMs: number): string => (waitMs <= 1000 ? 'QPS' : waitMs <= 60_000 ? 'QPM' : 'QPD')
