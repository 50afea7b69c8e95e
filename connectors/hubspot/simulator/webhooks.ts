import { setTimeout as sleep } from 'node:timers/promises'
import { signatureV3 } from '../signature.ts'
import { HUB_ID } from './account-routes.ts'
import type { StoreChange } from './store.ts'

export interface WebhookOptions {
  /** The client secret that deliveries are signed with. */
  readonly secret: string
  /** Waits between two tries of a delivery; as many tries more as there are. Milliseconds. */
  readonly retryMs: readonly number[]
  /** Epoch milliseconds. */
  readonly now: () => number
}

export interface WebhookEvent {
  readonly eventId: number
  readonly subscriptionId: number
  readonly portalId: number
  readonly appId: number
  readonly occurredAt: number
  readonly subscriptionType: string
  readonly attemptNumber: number
  readonly objectId: number
  readonly changeSource: string
  readonly changeFlag?: string
  readonly propertyName?: string
  readonly propertyValue?: string
}

const MOST = 100
/** How long a receiver may take. Milliseconds. */
const PATIENCE_MS = 5000

/**
 * Deliveries of what was subscribed to: lists of at most 100 events, signed (version 3), sent again until they are
 * acknowledged (platforms.md §6.4). Nothing is sent before `flush`.
 */
export class Webhooks {
  /** Where to; null: nowhere. The address is signed as it stands here. */
  targetUrl: string | null = null
  /** Events that nobody has acknowledged after the last try. */
  readonly lost: WebhookEvent[] = []
  readonly #o: WebhookOptions
  readonly #subscribed = new Map<string, number>()
  #waiting: WebhookEvent[] = []
  #nextId = 1

  constructor(options: WebhookOptions) {
    this.#o = options
  }

  /** @param type `contact.creation`, `deal.propertyChange` … @param property of a propertyChange */
  subscribe(type: string, property = ''): void {
    this.#subscribed.set(`${type} ${property}`, 12_345 + this.#subscribed.size)
  }

  add({ object, what, property = '', value, at }: StoreChange): void {
    const type = `${object.type.slice(0, -1)}.${what}`
    const subscriptionId = this.#subscribed.get(`${type} ${property}`)
    if (subscriptionId === undefined) return
    this.#waiting.push({
      eventId: this.#nextId++,
      subscriptionId,
      portalId: HUB_ID,
      appId: 54_321,
      occurredAt: at,
      subscriptionType: type,
      attemptNumber: 0,
      objectId: object.id,
      changeSource: 'CRM',
      ...(what === 'creation' ? { changeFlag: 'NEW' } : {}),
      ...(what === 'propertyChange' ? { propertyName: property, propertyValue: value ?? '' } : {}),
    })
  }

  /** Sends all that waits; resolves when each is acknowledged or lost. */
  async flush(): Promise<void> {
    const events = this.#waiting
    this.#waiting = []
    if (this.targetUrl === null) return
    for (let i = 0; i < events.length; i += MOST)
      await this.#deliver(this.targetUrl, events.slice(i, i + MOST))
  }

  async #deliver(url: string, events: readonly WebhookEvent[]): Promise<void> {
    for (let attemptNumber = 0; ; attemptNumber++) {
      if (await this.#send(url, JSON.stringify(events.map(event => ({ ...event, attemptNumber }))))) return
      const waitMs = this.#o.retryMs[attemptNumber]
      if (waitMs === undefined) break
      await sleep(waitMs)
    }
    this.lost.push(...events)
  }

  async #send(url: string, body: string): Promise<boolean> {
    const timestamp = String(this.#o.now())
    const signature = signatureV3({ method: 'POST', uri: url, body }, this.#o.secret, timestamp)
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'X-HubSpot-Signature-v3': signature,
          'X-HubSpot-Request-Timestamp': timestamp,
        },
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      await answer.arrayBuffer()
      return answer.ok
    } catch {
      return false
    }
  }
}
