import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { which } from './machine.ts'

export interface ChildOptions {
  readonly command: string
  readonly args: readonly string[]
  /** File that all it prints is appended to. */
  readonly log: string
  readonly cwd?: string
  /** Run as this user (needs root and `setpriv`). */
  readonly user?: string
}

/** A server as a child process that never outlives this process, however this one ends. */
export class Child {
  readonly #options: ChildOptions
  readonly #process: ChildProcess

  constructor(options: ChildOptions) {
    this.#options = options
    const [command, ...args] = [...tied(options.user), options.command, ...options.args]
    const out = openSync(options.log, 'a')
    this.#process = spawn(command!, args, { stdio: ['ignore', out, out], cwd: options.cwd })
    closeSync(out)
    this.#process.on('error', () => {})
    // A test that forgot to stop its server still ends.
    this.#process.unref()
    running.add(this)
    this.#process.once('exit', () => running.delete(this))
  }

  get pid(): number {
    return this.#process.pid ?? -1
  }

  get isRunning(): boolean {
    return (
      this.#process.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    )
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Sends a signal and waits for the end; a paused process ends by SIGKILL only. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return
    this.#process.ref()
    const exit = once(this.#process, 'exit')
    this.#process.kill(signal)
    await exit
  }

  /** Waits until `answers` does not throw. Errors with the end of the log if the process ends, or after `ms`. */
  async ready(answers: () => Promise<void>, ms = 120_000): Promise<void> {
    const until = Date.now() + ms
    for (;;) {
      if (!this.isRunning) throw this.#failed('ended')
      try {
        return await answers()
      } catch (cause) {
        if (Date.now() > until) throw this.#failed(`did not answer in ${ms} ms (${String(cause)})`)
        await wait(50)
      }
    }
  }

  #failed(what: string): Error {
    const { command, log } = this.#options
    return new Error(`${command} ${what}:\n${readFileSync(log, 'utf8').trim().slice(-3000)}`)
  }
}

const running = new Set<Child>()
process.on('exit', () => {
  for (const child of running) child.signal('SIGKILL')
})

/** The kernel ends the child with this process, even one ended by SIGKILL; elsewhere than on Linux the hook above must do. */
function tied(user?: string): string[] {
  if (process.platform !== 'linux' || which('setpriv') === null) return []
  const as = user === undefined ? [] : ['--reuid', user, '--regid', user, '--init-groups']
  return ['setpriv', ...as, '--pdeathsig', 'KILL', '--']
}
