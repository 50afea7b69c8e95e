import { setTimeout as wait } from 'node:timers/promises'
import { BEGINNING, type Consumer, called, type Message, openReader } from './librdkafka.ts'

const IDLE_MS = 30_000

/** Gets the committed records of a topic from its start, in the order of their partition, as they come. */
export class Following {
  readonly #topic: string
  readonly #reader: Consumer
  readonly #onMessage: (message: Message) => void
  /** Position in each partition. */
  readonly #at: number[]
  #ends: readonly number[] | undefined
  #over: Promise<void> = Promise.resolve()

  private constructor(topic: string, partitions: number, reader: Consumer, on: (message: Message) => void) {
    this.#topic = topic
    this.#reader = reader
    this.#onMessage = on
    this.#at = Array.from({ length: partitions }, () => 0)
  }

  static async start(
    bootstrap: string,
    topic: string,
    partitions: number,
    onMessage: (message: Message) => void,
  ): Promise<Following> {
    const following = new Following(topic, partitions, await openReader(bootstrap), onMessage)
    following.#over = following.#run()
    // Told to who waits for the end.
    following.#over.catch(() => {})
    return following
  }

  /** Resolves when it has got all up to these ends. Errors where it does not come: something is left uncommitted. */
  reach(ends: readonly number[]): Promise<void> {
    this.#ends = ends
    return this.#over
  }

  async #run(): Promise<void> {
    const reader = this.#reader
    const reached = (partition: number, offset: number) => {
      this.#at[partition] = Math.max(this.#at[partition]!, offset)
    }
    // Where the last of a partition are markers, only this tells that all has come. It comes before the messages do.
    reader.on('partition.eof', ({ partition, offset }: { partition: number; offset: number }) =>
      reached(partition, offset),
    )
    try {
      const topic = this.#topic
      reader.assign(this.#at.map((_, partition) => ({ topic, partition, offset: BEGINNING })))
      for (let since = performance.now(); !this.#isOver(); ) {
        const messages = await called<readonly Message[]>(done => reader.consume(5_000, done))
        for (const message of messages) {
          this.#onMessage(message)
          reached(message.partition, message.offset + 1)
        }
        if (messages.length > 0 || this.#ends === undefined) since = performance.now()
        else if (performance.now() - since > IDLE_MS) throw this.#stuck()
        if (messages.length === 0) await wait(1)
      }
    } finally {
      await called(done => reader.disconnect(done)).catch(() => {})
    }
  }

  #isOver(): boolean {
    return this.#ends?.every((end, partition) => this.#at[partition]! >= end) ?? false
  }

  #stuck(): Error {
    const [at, ends] = [this.#at.join(', '), this.#ends!.join(', ')]
    return new Error(`${this.#topic}: committed records end at ${at}, the log at ${ends}`)
  }
}

/** All committed records of a topic up to `ends`, by partition. */
export async function readAll(
  bootstrap: string,
  topic: string,
  ends: readonly number[],
  onMessage: (message: Message) => void,
): Promise<void> {
  const following = await Following.start(bootstrap, topic, ends.length, onMessage)
  await following.reach(ends)
}
