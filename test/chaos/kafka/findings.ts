import type { Options } from '../options.ts'
import type { Fault } from './faults.ts'

/** What a run has shown: said as it comes, and summed up at the end. */
export class Findings {
  readonly #options: Options
  readonly #begun = performance.now()
  readonly #wrong: string[] = []
  readonly #faults = new Map<string, number>()
  readonly #checks: string[] = []
  #kills = 0

  constructor(options: Options) {
    this.#options = options
  }

  get ok(): boolean {
    return this.#wrong.length === 0
  }

  get seconds(): number {
    return Math.round((performance.now() - this.#begun) / 1000)
  }

  say(line: string): void {
    process.stdout.write(`${String(this.seconds).padStart(4)} s  ${line}\n`)
  }

  wrong(line: string): void {
    this.#wrong.push(line)
    this.say(`WRONG: ${line}`)
  }

  /** A process has ended by itself: one that finds no broker at its start may, one at work may not. */
  ended(name: string, last: string, atWork: boolean): void {
    const line = `${name} ended by itself ${atWork ? 'at work' : 'before it was ready'}: ${last}`
    if (atWork) this.wrong(line)
    else this.say(line)
  }

  struck({ kind }: Fault, killed: number): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1)
    this.#kills += killed
  }

  checked(line: string): void {
    this.#checks.push(line)
    this.say(line)
  }

  summary(): string {
    const { seed } = this.#options
    const faults = [...this.#faults].sort()
    const total = faults.reduce((sum, [, n]) => sum + n, 0)
    const how = `${total} faults, ${this.#kills} processes killed, seed ${seed}, ${this.seconds} s`
    const lines = [
      '',
      `${total} faults:`,
      ...faults.map(([kind, n]) => `  ${String(n).padStart(3)}  ${kind}`),
      ...this.#checks,
      ...this.#wrong.map(line => `WRONG: ${line}`),
      this.ok
        ? `chaos: ok, nothing lost, nothing twice, nothing different (${how})`
        : `chaos: FAILED, ${this.#wrong.length} wrong (${how}); again with --kafka --seed ${seed}`,
    ]
    return `${lines.join('\n')}\n`
  }
}
