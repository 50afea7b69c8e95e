/**
 * Stands between a change and its platform: whoever has it made is asked right before the change, and before each
 * request of it. Requests wait for limits and are tried again, and what allowed them may have ended meanwhile.
 */
export class WriteGuard {
  readonly #mayWrite: (() => Promise<void>) | undefined
  #writing = false

  constructor(mayWrite?: () => Promise<void>) {
    this.#mayWrite = mayWrite
  }

  /** Of the connector's client: only what is sent while a change is made is asked about, reading never is. */
  readonly beforeSend = async (method: string): Promise<void> => {
    if (this.#writing && method !== 'GET' && method !== 'HEAD') await this.#mayWrite?.()
  }

  /** @throws what `mayWrite` throws: nothing was begun */
  async during(write: () => Promise<void>): Promise<void> {
    await this.#mayWrite?.()
    this.#writing = true
    try {
      await write()
    } finally {
      this.#writing = false
    }
  }
}
