import type { Event } from './chain.ts'
import type { Contents } from './compare.ts'
import type { Options } from './options.ts'

/** What the runs have shown, for the last lines of the output. */
export class Summary {
  readonly wrong: string[] = []
  readonly notes: string[] = []
  readonly events: Event[] = []
  /** How often the contents were compared, and verified. */
  compared = 0
  verified = 0
  undisturbed: Contents = {}
  readonly #options: Options
  readonly #begun = performance.now()

  constructor(options: Options) {
    this.#options = options
  }

  text(): string {
    const kills = this.events.filter(e => e.reached)
    const lines = ['', `${kills.length} kills, each followed by a restart:`]
    for (const [name, n] of counted(kills)) lines.push(`  ${String(n).padStart(3)}  ${name}`)
    const missed = counted(this.events.filter(e => !e.reached))
    for (const [name, n] of missed) lines.push(`  moment never came, so nobody was killed: ${n} × ${name}`)
    lines.push(`tables and views compared ${this.compared} times, verified ${this.verified} times:`)
    for (const [name, { rows, hash }] of Object.entries(this.undisturbed).sort())
      lines.push(`  ${name.padEnd(26)} ${String(rows).padStart(8)} rows  ${hash}`)
    lines.push(...this.notes.map(note => `note: ${note}`), ...this.wrong.map(line => `WRONG: ${line}`))
    const { seed } = this.#options
    const seconds = Math.round((performance.now() - this.#begun) / 1000)
    const how = `${kills.length} kills, seed ${seed}, ${seconds} s`
    const last =
      this.wrong.length === 0
        ? `chaos: ok, nothing lost, nothing twice, nothing different (${how})`
        : `chaos: FAILED, ${this.wrong.length} wrong (${how}); again with --seed ${seed}`
    return `${[...lines, last].join('\n')}\n`
  }
}

function counted(events: readonly Event[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { name } of events) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}
