import { canonical } from '../../../engine/canonical.ts'
import { type Entry, entryHash, genesis, type Head } from './chain.ts'
import { wrongIn } from './commitment.ts'
import { type Anchor, type Finding, MOST_FINDINGS, type Verdict } from './finding.ts'
import { Order, said } from './order.ts'

/** An entry with the hash that is kept with it, and what lies beside it. */
export interface StoredEntry extends Entry {
  readonly hash: string
  readonly private: string | null
}

export interface CheckOptions {
  /** By seq or not; all are believed. */
  readonly anchors?: readonly Anchor[]
  /**
   * What the first entry builds on: a checkpoint that was verified. Left out: the tenant's genesis. `unknown`: entries
   * before the first are past their retention, and it is taken as it is.
   */
  readonly from?: Head | 'unknown'
}

interface Held {
  readonly entry: StoredEntry
  /** Computed. */
  readonly hash: string
  /** What is wrong with it by itself; null: nothing. */
  readonly wrong: string | null
}

/**
 * Checks one chain, entry by entry in the order in which they are kept, with one in hand. Memory is bounded by what is
 * wrong.
 */
export class ChainCheck {
  readonly #tenant: string
  readonly #anchors: ReadonlyMap<number, readonly string[]>
  readonly #newest: number
  readonly #order = new Order()
  readonly #findings: Finding[] = []
  #held: Held | null = null
  #entries = 0
  #first: number | null = null
  /** The seq that is due; null: whichever comes first. */
  #due: number | null
  /** Hashes the one that is due may build on; none: what was before it is not there. */
  #before: readonly string[]
  /** The entry before the one that is due is itself checked against nothing but this chain. */
  #mayBlame = false
  #head: Head = { seq: -1, hash: '' }
  #good: number | null = null
  #bad: number | null = null

  constructor(tenant: string, { anchors = [], from }: CheckOptions = {}) {
    this.#tenant = tenant
    const bySeq = new Map<number, string[]>()
    for (const { seq, head } of anchors) bySeq.set(seq, [...(bySeq.get(seq) ?? []), head])
    this.#anchors = bySeq
    this.#newest = anchors.reduce((newest, { seq }) => Math.max(newest, seq), -1)
    const begin = from ?? { seq: -1, hash: '' }
    if (begin === 'unknown') {
      this.#due = null
      this.#before = []
    } else {
      this.#due = begin.seq + 1
      this.#before = [begin.seq < 0 ? genesis(tenant) : begin.hash]
      this.#head = begin
    }
  }

  push(entry: StoredEntry): void {
    this.#entries++
    this.#first ??= entry.seq
    const next = { entry, ...examined(entry, this.#tenant) }
    if (this.#held) this.#settle(this.#held, next)
    this.#held = next
  }

  end(): Verdict {
    if (this.#held) this.#settle(this.#held, null)
    this.#held = null
    const { findings, due } = this.#order.findings(this.#due ?? 0)
    for (const finding of findings) this.#find(finding)
    if (this.#newest >= due)
      this.#find(
        said('TRUNCATED', due, `an anchor knows entry ${this.#newest}, and the log ends before ${due}`),
      )
    this.#rewritten()
    return {
      tenant: this.#tenant,
      entries: this.#entries,
      first_seq: this.#first,
      head: this.#head,
      findings: this.#findings.toSorted((a, b) => a.first - b.first).slice(0, MOST_FINDINGS),
      anchored: this.#good,
    }
  }

  #settle(held: Held, next: Held | null): void {
    const { seq } = held.entry
    const due = this.#due ?? seq
    // The number of an entry that was changed may be what was changed.
    const renumbered = held.wrong !== null && (next === null || next.entry.seq === due + 1)
    if (seq === due || renumbered) return this.#inPlace(held, next, due)
    if (held.wrong !== null) this.#find(said('CHANGED', Math.min(seq, due), held.wrong))
    // More than one that are passed over go on rising; one that came too early is followed by what was due.
    if (seq > due && (next === null || next.entry.seq > seq)) {
      this.#order.missing(due, seq - 1)
      this.#before = []
      return this.#inPlace(held, next, seq)
    }
    this.#order.extra(seq, due)
    if (seq === due - 1) this.#before = [...this.#before, held.hash]
  }

  #inPlace(held: Held, next: Held | null, seq: number): void {
    const { entry, hash, wrong } = held
    if (wrong !== null) this.#find(said('CHANGED', seq, wrong))
    else if (this.#before.length > 0 && !this.#before.includes(entry.prev)) this.#broken(held, next, seq)
    const heads = this.#anchors.get(seq) ?? []
    const agrees = heads.length > 0 && heads.every(head => head === hash)
    if (agrees && this.#bad === null) this.#good = seq
    if (heads.length > 0 && !agrees) this.#bad ??= seq
    this.#mayBlame = !agrees
    this.#before = hash === entry.hash ? [hash] : [hash, entry.hash]
    this.#due = seq + 1
    this.#head = { seq, hash }
  }

  /** Of two that do not fit, the one that the next does not build on either was changed, and its hash made anew. */
  #broken({ hash }: Held, next: Held | null, seq: number): void {
    const isKnown = next === null || next.entry.seq !== seq + 1
    const blamed = this.#mayBlame && (isKnown || next.entry.prev === hash) ? seq - 1 : seq
    if (this.#findings.some(({ first }) => first === blamed)) return
    const since =
      this.#good === null ? '' : `; what follows the anchor at ${this.#good} may be rewritten up to there`
    this.#find(said('CHANGED', blamed, `entry ${seq} does not build on ${seq - 1}${since}`))
  }

  /** Consistent, and not what an anchor knows: it was rewritten somewhere after the last anchor that it agrees with. */
  #rewritten(): void {
    const bad = this.#bad
    if (bad === null) return
    const from = (this.#good ?? -1) + 1
    if (this.#findings.some(({ first }) => from <= first && first <= bad)) return
    const good =
      this.#good === null ? 'the first entry' : `entry ${from}, after the last anchor it agrees with,`
    this.#find(
      said('REWRITTEN', from, `somewhere between ${good} and ${bad}, where an anchor knows another`, bad),
    )
  }

  #find(finding: Finding): void {
    if (this.#findings.length < 1_000) this.#findings.push(finding)
  }
}

/** Checks a chain as it is read. */
export async function verifyChain(
  tenant: string,
  entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>,
  options: CheckOptions = {},
): Promise<Verdict> {
  const check = new ChainCheck(tenant, options)
  for await (const entry of entries) check.push(entry)
  return check.end()
}

function examined(entry: StoredEntry, tenant: string): Pick<Held, 'hash' | 'wrong'> {
  if (entry.tenant !== tenant) return { hash: '', wrong: `it is of tenant ${entry.tenant}` }
  try {
    const hash = entryHash(entry)
    if (hash !== entry.hash) return { hash, wrong: 'its hash is not the one that is kept with it' }
    // Spaces in a body change no value, and its hash: who reads it otherwise than it was hashed is not to be told OK.
    if (canonical(JSON.parse(entry.body)) !== entry.body)
      return { hash, wrong: 'its body is not canonical JSON' }
    return { hash, wrong: wrongIn(entry.body, entry.private) }
  } catch {
    return { hash: '', wrong: 'it is no entry: its body is no JSON' }
  }
}
