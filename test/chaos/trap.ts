import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { type Point, SIGNS, type Since, type Trigger } from './trigger.ts'

/** File descriptor the harness listens to. */
const PIPE = 3

export const tell = (sign: string): void => {
  writeSync(PIPE, sign)
}

export function die(): void {
  tell(SIGNS.fired)
  process.kill(process.pid, 'SIGKILL')
}

/** Waits for one call of the program, and kills it before, in the middle of, or after it. */
export class Trap {
  readonly #trigger: Trigger | null
  readonly #thread: Int32Array<SharedArrayBuffer> | null
  #armed: boolean
  #seen = 0

  constructor(trigger: Trigger | null) {
    this.#trigger = trigger
    this.#armed = trigger?.since === 'start'
    this.#thread = trigger?.phase === 'during' ? killerThread(trigger.delayUs) : null
  }

  /** Calls count from now on, if that is what the trigger waits for. */
  arm(since: Since): void {
    if (this.#trigger?.since === since) this.#armed = true
  }

  /**
   * A call that counts as one of these points begins. `leave` is to be called when it has ended; `cells` is after
   * how many steps within it `die` is due, 0 for never.
   */
  enter(...points: Point[]): { readonly cells: number; leave(): void } {
    const phase = this.#phaseOf(points)
    if (phase === 'before') die()
    if (phase === 'during') {
      Atomics.store(this.#thread!, 0, 1)
      Atomics.notify(this.#thread!, 0)
    }
    // A commit with fewer cells than wanted dies when it has ended.
    const leave = phase === 'after' || phase === 'inside' ? die : () => {}
    return { cells: phase === 'inside' ? 1 + (this.#trigger!.delayUs % 3) : 0, leave }
  }

  #phaseOf(points: readonly Point[]) {
    const trigger = this.#trigger
    if (trigger === null || !this.#armed || !points.includes(trigger.point)) return null
    return ++this.#seen === trigger.nth ? trigger.phase : null
  }
}

/** A thread that waits for its cell to be set and kills the process some time later, whatever that is doing. */
function killerThread(delayUs: number): Int32Array<SharedArrayBuffer> {
  const cells = new Int32Array(new SharedArrayBuffer(8))
  const code = `
    const { cells, ms, pipe, sign } = require('node:worker_threads').workerData
    Atomics.wait(cells, 0, 0)
    if (ms > 0) Atomics.wait(cells, 1, 0, ms)
    require('node:fs').writeSync(pipe, sign)
    process.kill(process.pid, 'SIGKILL')`
  const workerData = { cells, ms: delayUs / 1000, pipe: PIPE, sign: SIGNS.fired }
  new Worker(code, { eval: true, workerData, execArgv: [] }).unref()
  return cells
}
