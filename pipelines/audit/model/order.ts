import type { Finding } from './finding.ts'

interface Run {
  readonly from: number
  /** Inclusive. */
  readonly to: number
}

interface Extra {
  readonly seq: number
  /** The seq that was due where it was found. */
  readonly at: number
}

/** Entries that are not where they belong: those that were passed over, and those that came where others were due. */
export class Order {
  readonly #missing: Run[] = []
  readonly #extras: Extra[] = []

  missing(from: number, to: number): void {
    this.#missing.push({ from, to })
  }

  extra(seq: number, at: number): void {
    this.#extras.push({ seq, at })
  }

  /** What is missing here and there again was moved; else one is lost, or one too many. `due`: the seq after the last. */
  findings(due: number): { readonly findings: Finding[]; readonly due: number } {
    const findings: Finding[] = []
    const extras = this.#extras.toSorted((a, b) => a.seq - b.seq)
    const moved = new Set<number>()
    for (const { seq, at } of extras) {
      const again = moved.has(seq)
      const fits = seq === due || this.#missing.some(run => run.from <= seq && seq <= run.to)
      if (fits && !again) {
        moved.add(seq)
        if (seq === due) due++
        findings.push(said('REORDERED', Math.min(seq, at), `entry ${seq} is where ${at} is due`))
      } else
        findings.push(said('INSERTED', Math.min(seq, at), `an entry of seq ${seq} more where ${at} is due`))
    }
    for (const run of this.#missing) for (const gap of without(run, moved)) findings.push(lost(gap))
    return { findings, due }
  }
}

/** What is left of a run without some of it. */
function without({ from, to }: Run, moved: ReadonlySet<number>): Run[] {
  const left: Run[] = []
  let begin = from
  for (const seq of [...moved].filter(seq => from <= seq && seq <= to).sort((a, b) => a - b)) {
    if (seq > begin) left.push({ from: begin, to: seq - 1 })
    begin = seq + 1
  }
  if (begin <= to) left.push({ from: begin, to })
  return left
}

const lost = ({ from, to }: Run): Finding =>
  said('DELETED', from, from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`)

export const said = (what: Finding['what'], first: number, why: string, last = first): Finding => ({
  what,
  first,
  last,
  why,
})
