import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { GRACE_SECONDS, GUARD } from './guard.ts'
import type { StandardError } from './stderr.ts'

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface TapOptions {
  /** The program, resolved. */
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly stderr: StandardError
  readonly signal: AbortSignal
}

/** A tap that runs, with all that it starts itself, in a process group of its own. */
export class TapProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #signal: AbortSignal
  readonly #onAbort = () => void this.stop()
  /** When it is gone and all that it has said is read. */
  readonly ended: Promise<Ending>
  #gone = false
  #stopped = false

  constructor({ command, args, env, stderr, signal }: TapOptions) {
    this.#child = spawn('/bin/sh', ['-c', GUARD, 'sh', command, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env,
      detached: true,
    })
    this.#child.stdin.on('error', () => {})
    // What it says of being stopped is news to nobody.
    this.#child.stderr.on('data', (chunk: Buffer) => this.#stopped || stderr.push(chunk))
    this.#child.stderr.on('end', () => this.#stopped || stderr.end())
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject)
      // What it has started and left would hold the pipe open.
      this.#child.once('exit', () => {
        this.#gone = true
        this.#send('SIGKILL')
      })
      this.#child.once('close', (code, ending) => resolve({ code, signal: ending }))
    })
    this.ended.catch(() => {})
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort, { once: true })
    if (signal.aborted) void this.stop()
  }

  /** Nobody reads: the pipe fills, and the tap waits. */
  get stdout(): Readable {
    return this.#child.stdout
  }

  /** Asks it to end, and in five seconds makes it. What is still in the pipe is thrown away. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#signal.removeEventListener('abort', this.#onAbort)
    if (!this.#gone) this.#send('SIGTERM')
    const force = setTimeout(() => this.#send('SIGKILL'), GRACE_SECONDS * 1000)
    this.#child.stdout.destroy()
    await this.ended.catch(() => {})
    clearTimeout(force)
  }

  #send(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch {
      // All of the group are gone.
    }
  }
}
