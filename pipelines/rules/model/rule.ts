import type { Platform } from '../../signals/platform.ts'
import type { ActionType } from '../../trust/model/actions.ts'
import type { Node } from './expression/tree.ts'
import type { Read } from './read.ts'
import type { Level } from './subject.ts'
import type { RuleTest } from './test-words.ts'

export const RULE_MODES = ['off', 'shadow', 'suggest', 'auto'] as const
export type RuleMode = (typeof RULE_MODES)[number]

/** What a rule does when it matches. */
export interface Proposes {
  readonly action: ActionType
  /** Share of the present value, signed: .2 is 20 % more; null: it is set. */
  readonly by: number | null
  /** The new value in micros; null: by a share, a status, or as read. */
  readonly to_micros: number | null
  /** Name of the read that is the new value, in major units; null: it is none. */
  readonly to_read: string | null
}

/** A rule, checked. */
export interface Rule {
  readonly id: string
  /** Of its author: what says something else has another one. */
  readonly version: number
  readonly title: string | null
  readonly why: string | null
  readonly mode: RuleMode
  /** The higher first. */
  readonly priority: number
  /** Never held back to measure what the autopilot is worth. */
  readonly safety: boolean
  readonly subject: Level
  /** Null: all. */
  readonly platforms: readonly Platform[] | null
  readonly reads: readonly Read[]
  readonly when: { readonly text: string; readonly condition: Node }
  readonly proposes: Proposes
  /** How long it leaves an entity alone that it has acted on. Microseconds. */
  readonly cooldown_us: number
  /** Share of the clusters it begins with, 0 to 1; null: the default. */
  readonly canary: number | null
  /** Modes of violations that it sets for itself, by type. */
  readonly overrides: Readonly<Record<string, string>>
  readonly tests: readonly RuleTest[]
  /** SHA-256 (hex) of what it says, without its tests. */
  readonly hash: string
}
