import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Child } from '../../test/support/servers/child.ts'
import type { BenchAdmin } from './admin.ts'
import type { Sample } from './curve.ts'
import { larger, type Memory, treeCpu, treeMemory } from './memory.ts'
import { PARTITIONS } from './records.ts'
import type { Run, Subject } from './subjects.ts'

const POLL_MS = 50
const MEMORY_EVERY = 5
const STUCK_MS = 120_000
const STOP_MS = 60_000

/** A system under test, running. */
export class Started {
  readonly run: Run
  readonly #child: Child
  readonly #log: string
  readonly #admin: BenchAdmin

  private constructor(run: Run, child: Child, log: string, admin: BenchAdmin) {
    this.run = run
    this.#child = child
    this.#log = log
    this.#admin = admin
  }

  /** Its output topic and an empty folder are made first. `folder` is the bench's own. */
  static async start(subject: Subject, admin: BenchAdmin, folder: string, run: Omit<Run, 'dir' | 'output'>) {
    const dir = join(folder, run.group)
    const log = join(folder, `${run.group}.log`)
    mkdirSync(dir, { recursive: true })
    const all: Run = { ...run, dir, output: `${run.group}.windows` }
    await admin.create(all.output, PARTITIONS)
    const [command, ...args] = await subject.command(all)
    return new Started(all, new Child({ command: command!, args, log }), log, admin)
  }

  /** Waits until it says that it runs. */
  async ready(): Promise<void> {
    for (const until = performance.now() + STUCK_MS; !/^ready$/m.test(this.#said()); await wait(POLL_MS)) {
      this.#mustRun()
      if (performance.now() > until) throw new Error(`${this.run.group} does not get ready\n${this.#said()}`)
    }
  }

  /** Waits until it has committed `total` events, and watches how, and what memory and CPU time (seconds) it takes. */
  async finish(total: number): Promise<{ curve: Sample[]; peak: Memory; cpu: number }> {
    const begun = performance.now()
    const curve: Sample[] = []
    let peak: Memory = { rss: 0, pss: 0, anon: 0 }
    let last = { ms: 0, events: 0 }
    for (let i = 0; last.events < total; i++) {
      this.#mustRun()
      const offsets = await this.#admin.committed(this.run.group, this.run.topic)
      const ms = performance.now() - begun
      const events = offsets.reduce((a, b) => a + b, 0)
      if (events !== last.events) {
        last = { ms, events }
        curve.push(last)
      } else if (ms - last.ms > STUCK_MS)
        throw new Error(`${this.run.group} stands still at ${events} events\n${this.#said()}`)
      if (i % MEMORY_EVERY === 0) peak = larger(peak, treeMemory(this.#child.pid))
      await wait(POLL_MS)
    }
    const { pid } = this.#child
    return { curve, peak: larger(peak, treeMemory(pid)), cpu: treeCpu(pid) }
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    this.#child.signal('SIGTERM')
    for (const until = performance.now() + STOP_MS; this.#child.isRunning; await wait(POLL_MS))
      if (performance.now() > until) throw new Error(`${this.run.group} does not stop\n${this.#said()}`)
  }

  /** Ends it in any order, and removes what it left: topics, groups, state. */
  async forget(): Promise<void> {
    await this.#child.kill()
    await this.#admin.forget(this.run.group)
    rmSync(this.run.dir, { recursive: true, force: true })
  }

  #mustRun(): void {
    if (!this.#child.isRunning) throw new Error(`${this.run.group} has ended\n${this.#said()}`)
  }

  #said(): string {
    return readFileSync(this.#log, 'utf8').slice(-3_000)
  }
}
