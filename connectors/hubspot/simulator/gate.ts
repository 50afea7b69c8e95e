import type { FastifyReply, FastifyRequest } from 'fastify'
import { PlatformLimits } from '../../../plugins/simulator/limits.ts'
import type { TokenIssuer } from '../../../plugins/simulator/oauth.ts'
import { Refused } from './answers.ts'

export interface Limits {
  readonly calls: number
  readonly perMs: number
  readonly searchesPerSecond: number
  readonly daily: number
}

/** What platforms.md §6.3 says of a private app. */
export const LIMITS: Limits = { calls: 100, perMs: 10_000, searchesPerSecond: 5, daily: 250_000 }

/** An answer to order, in place of the next that would be given at a path. */
export interface OrderedFault {
  readonly path: RegExp
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface GateOptions {
  readonly issuer: TokenIssuer
  readonly privateToken: string
  /** Null: it has none. */
  readonly limits: Limits | null
}

/** What stands before every call: tokens, rights, limits, and faults that were ordered. */
export class Gate {
  readonly faults: OrderedFault[] = []
  /** Scopes that the app has lost. */
  readonly lacking = new Set<string>()
  /** Answers with 429. */
  refused = 0
  calls = 0
  readonly #o: GateOptions
  readonly #windows: PlatformLimits | null
  readonly #searches: PlatformLimits | null

  constructor(options: GateOptions) {
    this.#o = options
    const { limits } = options
    this.#windows = limits && new PlatformLimits([{ calls: limits.calls, perMs: limits.perMs }])
    this.#searches = limits && new PlatformLimits([{ calls: limits.searchesPerSecond, perMs: 1000 }])
  }

  /** @throws Refused */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    this.calls++
    const path = request.url.split('?', 1)[0]!
    this.#authenticate(request.headers.authorization)
    if (path.endsWith('/search')) this.#count(this.#searches, 'SECONDLY')
    else this.#count(this.#windows, 'TEN_SECONDLY_ROLLING', reply)
    const ordered = this.faults.findIndex(fault => fault.path.test(path))
    if (ordered >= 0) {
      const [fault] = this.faults.splice(ordered, 1)
      throw new Ordered(fault!)
    }
    const scope = scopeOf(path)
    if (scope !== null && (this.lacking.has(scope) || !GRANTED.has(scope)))
      throw new Refused(
        403,
        'MISSING_SCOPES',
        "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
        {
          links: { scopes: 'https://developers.hubspot.com/scopes' },
          errors: [
            {
              message: 'One or more of the following scopes are required.',
              context: { requiredGranularScopes: [scope] },
            },
          ],
        },
      )
  }

  #authenticate(authorization = ''): void {
    const token = /^Bearer (.+)$/.exec(authorization)?.[1]
    if (token === undefined)
      throw new Refused(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.')
    if (token === this.#o.privateToken) return
    const known = this.#o.issuer.accepts(token)
    if (known === 'expired')
      throw new Refused(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call has expired.')
    if (known === 'unknown')
      throw new Refused(401, 'INVALID_AUTHENTICATION', 'The access token is invalid or has been revoked.')
  }

  #count(limits: PlatformLimits | null, policyName: string, reply?: FastifyReply): void {
    const { limits: said } = this.#o
    if (limits === null || said === null) return
    const waitMs = limits.refuse('account')
    const dailyLeft = said.daily - this.calls
    if (reply)
      reply.headers({
        'X-HubSpot-RateLimit-Max': said.calls,
        'X-HubSpot-RateLimit-Remaining': Math.max(0, limits.left('account', said.perMs)),
        'X-HubSpot-RateLimit-Interval-Milliseconds': said.perMs,
        'X-HubSpot-RateLimit-Daily': said.daily,
        'X-HubSpot-RateLimit-Daily-Remaining': Math.max(0, dailyLeft),
      })
    const policy = dailyLeft < 0 ? 'DAILY' : waitMs === null ? null : policyName
    if (policy === null) return
    this.refused++
    throw new Refused(429, 'RATE_LIMITS', `You have reached your ${policy.toLowerCase()} limit.`, {
      errorType: 'RATE_LIMIT',
      policyName: policy,
    })
  }
}

export class Ordered extends Error {
  readonly fault: OrderedFault
  constructor(fault: OrderedFault) {
    super('ordered')
    this.fault = fault
  }
}

/** All that the app was ever granted. */
const GRANTED = new Set(['contacts', 'deals', 'owners'].map(type => `crm.objects.${type}.read`))

/** Objects that there are in life and not here. */
const OTHERS =
  /^\/crm\/v[34]\/(?:objects|properties)\/(companies|tickets|leads|line_items|products|quotes|goal_targets|feedback_submissions|calls|communications|emails|meetings|notes|postal_mail|tasks)(?:\/|$)/

/** The right that a path needs; null: none. */
function scopeOf(path: string): string | null {
  if (path.startsWith('/crm/v3/schemas')) return 'crm.schemas.custom.read'
  const other = path.startsWith('/companies/v2/') ? 'companies' : OTHERS.exec(path)?.[1]
  if (other !== undefined) return `crm.objects.${other}.read`
  if (/\/(contacts|owners)(\/|$)/.test(path) && !path.includes('/associations/'))
    return path.includes('/owners') ? 'crm.objects.owners.read' : 'crm.objects.contacts.read'
  return path.includes('/deals') ? 'crm.objects.deals.read' : null
}
