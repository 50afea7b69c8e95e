import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { StratumError } from '../errors.ts'

/** Lets the process that started this one know that it is at work. */
export function tellReady(): void {
  if (process.connected) process.send!('ready')
}

/** Aborts when the process that started this one as one of several is gone: nobody else would end it. */
export function parentGone(): AbortSignal {
  const gone = new AbortController()
  // It may have gone before anybody asked.
  if (process.send !== undefined && !process.connected) gone.abort()
  process.once('disconnect', () => gone.abort())
  return gone.signal
}

/**
 * More processes of this program, each with arguments of its own. Ctrl-C of a terminal does not reach them: they end
 * when they are told to, or when this process is gone.
 */
export class Processes {
  readonly #children: readonly ChildProcess[]
  /** Rejects when one of them ends by itself. */
  readonly failure: Promise<never>
  readonly #ended: Promise<unknown>
  #stopping = false

  constructor(args: readonly (readonly string[])[]) {
    this.#children = args.map(own =>
      fork(process.argv[1]!, own, { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
    )
    this.failure = new Promise((_, reject) => {
      for (const child of this.#children)
        child.once('exit', (code, signal) => {
          if (this.#stopping) return
          const how = signal === null ? `with ${code}` : `by ${signal}`
          reject(new StratumError('PROCESS_LOST', `One of the worker's processes ended ${how}: see above.`))
        })
    })
    this.failure.catch(() => {})
    this.#ended = Promise.all(this.#children.map(child => once(child, 'exit')))
  }

  /** Resolves when all have said that they are at work. */
  async ready(): Promise<void> {
    await Promise.race([this.failure, Promise.all(this.#children.map(child => once(child, 'message')))])
  }

  /** In good order. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const child of this.#children) child.kill('SIGTERM')
    await this.#ended
  }
}
