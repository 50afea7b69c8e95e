import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Answer, Question } from './protocol.ts'

const SUFFIX = extname(import.meta.url)
const WORKER = new URL(`./worker${SUFFIX}`, import.meta.url)
/** Loaders of the main thread are of use to the worker only where it runs from source; they cost its start. */
const FLAGS = SUFFIX === '.js' ? [] : process.execArgv

/** An answer of a decoder that could not do what it was asked. */
export class DecodeFailure extends Error {}

/** How long a decoder may be silent. It needs a fraction of a second for a batch; a damaged file can trap it. */
const SILENCE_MS = 120_000

/** One decoder thread. After a failure it is of no use any more: its memory may be in any state. */
export class DecoderThread {
  readonly #worker = new Worker(WORKER, { stdout: true, stderr: true, execArgv: FLAGS })
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null
  #ended: Error | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor() {
    this.#worker.on('message', (answer: Answer) => this.#settle(answer))
    this.#worker.on('error', error => this.#fail(new DecodeFailure(error.message)))
    this.#worker.on('exit', () => this.#fail(new DecodeFailure('the decoder ended')))
    // An idle decoder must not keep the process alive.
    this.#worker.unref()
  }

  get usable(): boolean {
    return this.#ended === null
  }

  /** The answer to a question. Questions asked while one is open wait for their turn. */
  ask(question: Question, signal: AbortSignal): Promise<Answer> {
    const answer = this.#last.then(() => this.#ask(question, signal))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  #ask(question: Question, signal: AbortSignal): Promise<Answer> {
    if (this.#ended) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      const abort = () => this.#fail(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
      const timer = setTimeout(() => this.#fail(new DecodeFailure('the decoder does not answer')), SILENCE_MS)
      const settle = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        this.#worker.unref()
        this.#waiting = null
      }
      this.#waiting = {
        resolve: answer => {
          settle()
          resolve(answer)
        },
        reject: error => {
          settle()
          reject(error)
        },
      }
      this.#worker.ref()
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()
      else this.#worker.postMessage(question)
    })
  }

  async end(): Promise<void> {
    this.#ended ??= new DecodeFailure('the decoder was closed')
    await this.#worker.terminate()
  }

  #settle(answer: Answer): void {
    if (answer.answer !== 'failed') {
      this.#waiting?.resolve(answer)
      return
    }
    // A refusal (no such column, say) leaves the decoder sound; a panic does not.
    const failure = new DecodeFailure(answer.message)
    if (answer.panic) this.#fail(failure)
    else this.#waiting?.reject(failure)
  }

  #fail(error: Error): void {
    if (this.#ended) return
    this.#ended = error
    this.#waiting?.reject(error)
    void this.#worker.terminate()
  }
}
