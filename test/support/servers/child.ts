import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { which } from './machine.ts'

export interface User {
  readonly uid: number
  readonly gid: number
}

export interface ChildOptions {
  readonly command: string
  readonly args: readonly string[]
  /** File that all it prints is appended to. */
  readonly log: string
  readonly cwd?: string
  /** Run as this user (needs root and `setpriv`). */
  readonly user?: User
}

const TRY_EVERY_MS = 50
const NO_ANSWER_MS = 120_000

/** A process, with those it starts itself, that never outlives this one, however this one ends. */
export class Child {
  readonly #options: ChildOptions
  readonly #process: ChildProcess

  constructor(options: ChildOptions) {
    this.#options = options
    const [command, ...args] = [...asUser(options.user), ...tied(), options.command, ...options.args]
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
    const { pid, exitCode, signalCode } = this.#process
    return pid !== undefined && exitCode === null && signalCode === null
  }

  /** Its exit code or the signal that ended it; null while it runs. */
  get code(): number | NodeJS.Signals | null {
    return this.#process.exitCode ?? this.#process.signalCode
  }

  /** To the process and to those it has started. */
  signal(signal: NodeJS.Signals): void {
    if (!this.isRunning) return
    for (const pid of [this.pid, ...childrenOf(this.pid)]) send(pid, signal)
  }

  /** SIGKILL; resolves when all are gone, so that what they held may be taken again. */
  async kill(): Promise<void> {
    if (!this.isRunning) return
    const children = childrenOf(this.pid)
    this.#process.ref()
    const exit = once(this.#process, 'exit')
    for (const pid of [this.pid, ...children]) send(pid, 'SIGKILL')
    await exit
    while (children.some(isAlive)) await wait(TRY_EVERY_MS)
  }

  /** Waits until `answers` does not throw. Errors with the end of the log if the process ends, or in two minutes. */
  async ready(answers: () => Promise<unknown>): Promise<void> {
    const until = Date.now() + NO_ANSWER_MS
    for (;;) {
      if (!this.isRunning) throw this.#failed('ended')
      try {
        await answers()
        return
      } catch (cause) {
        if (Date.now() > until) throw this.#failed(`did not answer in ${NO_ANSWER_MS} ms (${String(cause)})`)
        await wait(TRY_EVERY_MS)
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

/**
 * The kernel ends it with this process, even with SIGKILL; elsewhere than on Linux the hook above must do. Comes
 * after a change of user, which would undo it.
 */
const tied = () =>
  process.platform === 'linux' && which('setpriv') !== null ? ['setpriv', '--pdeathsig', 'KILL', '--'] : []

/** What to put in front of a command. */
export function asUser(user: User | undefined): string[] {
  if (user === undefined) return []
  return ['setpriv', '--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups', '--']
}

function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return list.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}

/** A zombie holds nothing any more, even where nobody reaps it. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
