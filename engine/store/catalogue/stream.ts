import { Duplex } from 'node:stream'
import type { PGlite } from '@electric-sql/pglite'

/** PGlite has one session: whoever is in a transaction has it, the others wait. */
export class Turns {
  readonly database: PGlite
  #last: Promise<void> = Promise.resolve()

  constructor(database: PGlite) {
    this.database = database
  }

  /** Resolves when the session is free, to what gives it on. */
  async take(): Promise<() => void> {
    const before = this.#last
    let release = () => {}
    this.#last = new Promise(resolve => {
      release = resolve
    })
    await before
    return release
  }
}

/**
 * A socket that ends in PGlite: what the client writes is executed, what comes of it is read. So that statements,
 * values, errors and transactions pass through the same client, embedded as over the network.
 */
export class PgliteStream extends Duplex {
  readonly #turns: Turns
  #release: (() => void) | null = null

  constructor(turns: Turns) {
    super()
    this.#turns = turns
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error) => void): void {
    this.#execute(chunk).then(() => done(), done)
  }

  /** The messages of a statement come corked, up to its Sync: PGlite answers them as one. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#execute(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done)
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const release = this.#release
    this.#release = null
    if (release === null) return done(error)
    // As a server does with what a lost connection has left open.
    const clean = this.#turns.database.exec('ROLLBACK').catch(() => {})
    clean.then(release).then(() => done(error))
  }

  async #execute(message: Buffer): Promise<void> {
    const { database } = this.#turns
    this.#release ??= await this.#turns.take()
    const answer = await database.execProtocolRaw(message)
    if (!database.isInTransaction()) {
      this.#release?.()
      this.#release = null
    }
    if (answer.length > 0) this.push(answer)
  }

  // What the client asks of a socket.
  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}
