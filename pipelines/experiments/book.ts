import type { Definition } from './model/definition.ts'
import type { ExperimentState, Phase } from './model/lifecycle.ts'

/** Experiments of a tenant that are not over, and of all that are kept: those that ended first are forgotten first. */
export const MOST_OPEN = 20
export const MOST_KEPT = 100

export interface Stored {
  definition: Definition
  state: ExperimentState
  phases: Phase[]
  /** When it was completed or stopped; null: it was not. */
  ended: number | null
  revision: number
}

/** A tenant's experiments. Plain JSON. */
export interface Book {
  experiments: Record<string, Stored>
  /** Counts changes of all, so that one which is defined anew goes on counting. */
  changes: number
  /** The last command that was carried out. */
  command: string
}

export const emptyBook = (): Book => ({ experiments: {}, changes: 0, command: '' })

export const isOver = ({ state }: Stored): boolean => state === 'COMPLETED' || state === 'STOPPED'

/** Makes room for one more, in place; false: there is none. */
export function makeRoom(book: Book): boolean {
  const all = Object.entries(book.experiments)
  if (all.filter(([, one]) => !isOver(one)).length >= MOST_OPEN) return false
  const ended = all.filter(([, one]) => isOver(one)).sort(([, a], [, b]) => a.ended! - b.ended!)
  for (const [id] of ended.slice(0, Math.max(0, all.length + 1 - MOST_KEPT))) delete book.experiments[id]
  return true
}
