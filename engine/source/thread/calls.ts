import type { Limiter, Taken, Told } from '../limits/limiter.ts'
import type { WindowLimit } from '../limits/windows.ts'
import type { TokenStore, Tokens } from '../tokens.ts'
import { type PackedError, packError, unpackError } from './messages.ts'

/**
 * What a connection's thread asks of the thread it was started by: limits and tokens are shared by all connections,
 * so they are kept there.
 */
export type Call = { readonly call: number } & (
  | {
      readonly what: 'take'
      readonly key: string
      readonly limits: readonly WindowLimit[]
      readonly cost: number
    }
  /** The call's wait is over, or its place is given back. */
  | { readonly what: 'done'; readonly told: Told | undefined }
  | { readonly what: 'load' }
  /** Answered with the newest tokens; they are held until `keep` or `drop`. */
  | { readonly what: 'hold' }
  | { readonly what: 'keep'; readonly tokens: Tokens }
  | { readonly what: 'drop' }
)

export interface Reply {
  readonly reply: number
  readonly value?: unknown
  readonly error?: PackedError
}

type Post = (message: Call) => void

/** In the connection's thread. */
export class Caller {
  readonly #post: Post
  readonly #open = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>()
  #calls = 0

  constructor(post: Post) {
    this.#post = post
  }

  hear({ reply, value, error }: Reply): void {
    const waiting = this.#open.get(reply)
    this.#open.delete(reply)
    if (error) waiting?.reject(unpackError(error))
    else waiting?.resolve(value as never)
  }

  #ask<T>(message: (call: number) => Call, call = ++this.#calls): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#open.set(call, { resolve, reject })
      this.#post(message(call))
    })
  }

  readonly limiter: Limiter = {
    take: async (key, limits, cost, signal): Promise<Taken> => {
      signal.throwIfAborted()
      const call = ++this.#calls
      const done = (told?: Told) => this.#post({ call, what: 'done', told })
      const onAbort = () => {
        done()
        this.#open.get(call)?.reject(signal.reason)
        this.#open.delete(call)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        await this.#ask(() => ({ call, what: 'take', key, limits, cost }), call)
        return { done }
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
  }

  readonly tokens: TokenStore = {
    load: () => this.#ask<Tokens | null>(call => ({ call, what: 'load' })),
    update: async renew => {
      const call = ++this.#calls
      const current = await this.#ask<Tokens | null>(() => ({ call, what: 'hold' }), call)
      let tokens: Tokens
      try {
        tokens = await renew(current)
      } catch (error) {
        await this.#ask(() => ({ call, what: 'drop' }), call)
        throw error
      }
      await this.#ask(() => ({ call, what: 'keep', tokens }), call)
      return tokens
    },
  }
}

/** In the thread that started it. */
export class Answerer {
  readonly #limiter: Limiter
  readonly #tokens: TokenStore
  readonly #post: (reply: Reply) => void
  readonly #places = new Map<number, { readonly stop: AbortController; taken?: Taken }>()
  /** Tokens that are held: what ends the hold. */
  readonly #held = new Map<number, (tokens: Tokens | null) => void>()
  #closed = false

  constructor(limiter: Limiter, tokens: TokenStore, post: (reply: Reply) => void) {
    this.#limiter = limiter
    this.#tokens = tokens
    this.#post = post
  }

  answer(message: Call): void {
    if (message.what === 'done') return this.#done(message.call, message.told)
    this.#work(message).then(
      value => this.#reply({ reply: message.call, value }),
      error => this.#reply({ reply: message.call, error: packError(error) }),
    )
  }

  /** The thread has ended: what it held is free. */
  close(): void {
    this.#closed = true
    for (const call of [...this.#places.keys()]) this.#done(call, undefined)
    for (const end of this.#held.values()) end(null)
  }

  #reply(reply: Reply): void {
    if (!this.#closed) this.#post(reply)
  }

  async #work(message: Exclude<Call, { what: 'done' }>): Promise<unknown> {
    switch (message.what) {
      case 'take':
        return this.#take(message.call, message.key, message.limits, message.cost)
      case 'load':
        return this.#tokens.load()
      case 'hold':
        return this.#hold(message.call)
      case 'keep':
      case 'drop':
        return this.#endHold(message.call, message.what === 'keep' ? message.tokens : null)
    }
  }

  async #take(call: number, key: string, limits: readonly WindowLimit[], cost: number): Promise<void> {
    const place = { stop: new AbortController() } as { readonly stop: AbortController; taken?: Taken }
    this.#places.set(call, place)
    const taken = await this.#limiter.take(key, limits, cost, place.stop.signal)
    if (!this.#places.has(call)) return taken.done()
    place.taken = taken
  }

  #done(call: number, told: Told | undefined): void {
    const place = this.#places.get(call)
    this.#places.delete(call)
    if (place?.taken) place.taken.done(told)
    else place?.stop.abort(new Error('not wanted any more'))
  }

  /** Resolves with the newest once they are held; the update itself ends with `keep` or `drop`. */
  #hold(call: number): Promise<Tokens | null> {
    return new Promise((resolve, reject) => {
      const update = this.#tokens.update(current => {
        resolve(current)
        return new Promise<Tokens>((keep, drop) => {
          this.#held.set(call, tokens => (tokens ? keep(tokens) : drop(new Dropped())))
        })
      })
      this.#updates.set(call, update)
      update.catch(reject).finally(() => {
        this.#held.delete(call)
        this.#updates.delete(call)
      })
    })
  }

  readonly #updates = new Map<number, Promise<Tokens>>()

  /** Answered when it is done: tokens are kept before they are used. */
  async #endHold(call: number, tokens: Tokens | null): Promise<void> {
    const update = this.#updates.get(call)
    this.#held.get(call)?.(tokens)
    await update?.catch(error => {
      if (!(error instanceof Dropped)) throw error
    })
  }
}

class Dropped extends Error {}
