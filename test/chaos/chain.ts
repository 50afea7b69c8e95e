import { type Ending, type Life, live, type Program } from './life.ts'
import { type Fault, nameOf } from './plan.ts'

/** What an undisturbed run takes: by it the faults are spread over the work. */
export interface Pace {
  readonly commits: number
  readonly inserts: number
  readonly ms: number
  readonly startMs: number
}

/** A kill that happened, or a moment that never came. */
export interface Event {
  readonly name: string
  readonly reached: boolean
}

export class ChainFailed extends Error {}

export interface ChainOptions {
  readonly pace: Pace
  readonly program: (dir: string) => Program
  /** A new data directory. */
  readonly makeDir: () => string
  /** Where kills are noted. */
  readonly events: Event[]
  readonly say: (line: string) => void
  /** The work is complete in this directory: is it right? */
  readonly check: (dir: string) => Promise<void>
}

/**
 * One life after the other on the same data directory, each killed by its fault, until the work is complete and
 * checked. Work that is complete before its faults are used up is checked, and begun anew in another directory.
 */
export class Chain {
  readonly #o: ChainOptions
  #dir: string
  #lives = 0
  #done = { commits: 0, inserts: 0, share: 0 }

  constructor(options: ChainOptions) {
    this.#o = options
    this.#dir = options.makeDir()
  }

  get dir(): string {
    return this.#dir
  }

  /** Faults at fixed moments: one that never comes is noted, and the next one tried. */
  async chosen(faults: readonly Fault[]): Promise<void> {
    for (const fault of faults) await this.#live(nameOf(fault), this.#ending(fault, 1))
  }

  /** Faults spread evenly over the work that is left. */
  async spread(faults: readonly Fault[]): Promise<void> {
    for (const [i, fault] of faults.entries()) {
      // One that found the work complete is tried again from the start.
      for (let tries = 1; ; tries++) {
        if (await this.#live(nameOf(fault), this.#ending(fault, faults.length - i))) break
        if (tries === 3) throw new ChainFailed(`${nameOf(fault)}: the moment never came, in three runs`)
        await this.#o.check(this.#dir)
        this.#dir = this.#o.makeDir()
        this.#done = { commits: 0, inserts: 0, share: 0 }
      }
    }
  }

  /** A kill by a command in front of the program; what it did may only be seen afterwards. */
  async under(command: readonly string[], name: () => string): Promise<void> {
    await this.#live(name, { under: command })
  }

  /** The last life: nobody kills it. */
  async finish(): Promise<void> {
    const life = await live(this.#o.program(this.#dir))
    if (life.end !== 'done') throw failure('the last life, which nobody killed,', life)
    await this.#o.check(this.#dir)
  }

  async #live(named: string | (() => string), ending: Ending): Promise<boolean> {
    const life = await live(this.#o.program(this.#dir), ending)
    const name = typeof named === 'string' ? named : named()
    if (life.end === 'failed') throw failure(`a life that was to be killed (${name})`, life)
    const reached = life.end === 'killed'
    this.#o.events.push({ name, reached })
    this.#advance(life, ending)
    const where = `${Math.round(100 * this.#done.share)} %`
    const how = reached ? `killed ${name}` : `came to its end, and was to be killed ${name}`
    this.#o.say(`life ${++this.#lives}: ${how}; ${(life.ms / 1000).toFixed(1)} s, at about ${where}`)
    return reached
  }

  /** How far the work is; a bare program does not say, so its time does. */
  #advance(life: Life, { killAfterMs }: Ending): void {
    const { pace } = this.#o
    const timed =
      killAfterMs === undefined ? 0 : Math.max(0, killAfterMs - pace.startMs) / (pace.ms - pace.startMs)
    this.#done.commits += life.commits + timed * pace.commits
    this.#done.inserts += life.inserts + timed * pace.inserts
    this.#done.share = Math.min(1, this.#done.commits / pace.commits)
  }

  #ending(fault: Fault, left: number): Ending {
    const { pace } = this.#o
    // What this life is given: the rest, in equal parts for the lives to come and the last one.
    const stretch = Math.max(0.01, 1 - this.#done.share) / (left + 1)
    if (fault.kind === 'clock')
      return { killAfterMs: fault.spread * (pace.startMs + stretch * (pace.ms - pace.startMs)) }
    const { point, phase, since, nth, delayUs } = fault
    const calls = point === 'insert' ? pace.inserts : pace.commits
    const call = typeof nth === 'number' ? nth : 1 + Math.floor(nth.spread * stretch * calls)
    return { trigger: { point, phase, since, nth: call, delayUs } }
  }
}

function failure(what: string, { code, stderr }: Life): ChainFailed {
  const last = stderr.trim().split('\n').slice(-5).join('\n  ')
  return new ChainFailed(`${what} ended with ${code}:\n  ${last}`)
}
