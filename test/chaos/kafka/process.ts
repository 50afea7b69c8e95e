import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Child } from '../../support/servers/child.ts'
import { ROOT } from '../life.ts'

export interface ProcessOptions {
  readonly name: string
  /** Of node. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly log: string
  /** Said of every end that nobody asked for. `atWork`: it had said that it was ready. */
  readonly onEnd: (name: string, last: string, atWork: boolean) => void
}

const LOOK_MS = 100
/** A crash loop would take the time that others need. */
const AGAIN_MS = 2_000
const READY = /ready$/m

/** A process of the cluster as a supervisor keeps it: whatever ends it but its work being done, it is started again. */
export class Process {
  readonly name: string
  readonly #o: ProcessOptions
  #child: Child | null = null
  #wanted = false
  #pid = 0
  /** Where what this life has printed begins. */
  #from = 0

  constructor(options: ProcessOptions) {
    this.name = options.name
    this.#o = options
  }

  get text(): string {
    return readFileSync(this.#o.log, 'utf8')
  }

  /** What this life has printed. */
  get said(): string {
    return this.text.slice(this.#from)
  }

  get isRunning(): boolean {
    return this.#child?.isRunning ?? false
  }

  start(): void {
    this.#wanted = true
    this.#spawn()
    void this.#watch()
  }

  #spawn(): void {
    const { args, env = {}, log } = this.#o
    const set = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    this.#from = existsSync(log) ? this.text.length : 0
    this.#child = new Child({ command: 'env', args: [...set, process.execPath, ...args], log, cwd: ROOT })
    this.#pid = this.#child.pid
  }

  async #watch(): Promise<void> {
    const pid = this.#pid
    while (this.#wanted && this.#pid === pid) {
      await sleep(LOOK_MS)
      if (!this.#wanted || this.#pid !== pid || this.#child!.isRunning) continue
      if (this.#child!.code === 0) return
      const { said } = this
      this.#o.onEnd(this.name, said.trimEnd().split('\n').slice(-2).join('\n    '), READY.test(said))
      await sleep(AGAIN_MS)
      if (!this.#wanted || this.#pid !== pid) return
      this.#spawn()
      return this.#watch()
    }
  }

  /** It is down until it is started again. */
  async kill(): Promise<void> {
    this.#wanted = false
    await this.#child?.kill()
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.signal(signal)
  }

  /** SIGTERM, and what it ended with. */
  async stop(): Promise<number | string> {
    this.#wanted = false
    this.signal('SIGTERM')
    return this.ended()
  }

  /** Resolves with its exit code or signal when it has ended. */
  async ended(): Promise<number | string> {
    while (this.#child!.isRunning) await sleep(LOOK_MS)
    return this.#child!.code ?? 'killed'
  }

  /** Resolves when it has ended with its work done. */
  async done(): Promise<void> {
    while (this.#child === null || this.#child.isRunning || this.#child.code !== 0) await sleep(LOOK_MS)
  }
}
