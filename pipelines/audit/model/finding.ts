/** What can be wrong with a chain (autopilot.md §7). */
export type Wrong = 'CHANGED' | 'DELETED' | 'REORDERED' | 'INSERTED' | 'REWRITTEN' | 'TRUNCATED'

export interface Finding {
  readonly what: Wrong
  /** The first seq that is not as it was; of what was rewritten, the first that may be. */
  readonly first: number
  /** Of what was rewritten: it begins at this seq at the latest. Else `first`. */
  readonly last: number
  readonly why: string
}

/** A statement of where the chain was, made before and checked: of whom to believe it is the caller's to know. */
export interface Anchor {
  readonly seq: number
  readonly head: string
}

/** What an entire chain turned out to be. */
export interface Verdict {
  readonly tenant: string
  readonly entries: number
  /** null: there are none. */
  readonly first_seq: number | null
  /** As far as it was in order. */
  readonly head: { readonly seq: number; readonly hash: string }
  /** By their first seq. */
  readonly findings: readonly Finding[]
  /** Seq of the newest anchor that the chain agrees with; null: it agrees with none. */
  readonly anchored: number | null
}

/** More are not kept: the first is what counts. */
export const MOST_FINDINGS = 20
