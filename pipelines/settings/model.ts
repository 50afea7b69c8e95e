import { StratumError } from '../../engine/errors.ts'
import { isTree, type Tree } from '../tree.ts'

/** A tenant's settings of one subject: only what it set itself, and how often that has changed. */
export interface Settings {
  /** 0: none was ever set. */
  version: number
  /** JSON; what is left out has its default. */
  text: string
  /** The command that set them: sent again it is answered again, and changes nothing. */
  command: string
}

export const noSettings = (): Settings => ({ version: 0, text: '{}', command: '' })

/**
 * Settings with some of them changed: null takes one back to its default. Lists and curves are changed whole. Pure.
 * @throws RECORD_INVALID: the change is no object, or names what no object has
 */
export function changed(before: Tree, change: unknown): Tree {
  if (!isTree(change)) throw new StratumError('RECORD_INVALID', 'settings are changed by an object')
  const after: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(change)) {
    if (name === '__proto__') throw new StratumError('RECORD_INVALID', `there is no setting ${name}`)
    if (value === null) delete after[name]
    else if (isTree(value)) {
      const inner = changed(isTree(after[name]) ? (after[name] as Tree) : {}, value)
      if (Object.keys(inner).length === 0) delete after[name]
      else after[name] = inner
    } else after[name] = value
  }
  return after
}

/** What nulls of a change did: paths that are back to their defaults, and those at which nothing was set. Pure. */
export interface TakenBack {
  readonly back: readonly string[]
  readonly unset: readonly string[]
}

export function takenBack(before: unknown, change: Tree, at = ''): TakenBack {
  const all = Object.entries(change).map(([name, value]): TakenBack => {
    const path = at === '' ? name : `${at}.${name}`
    const old = isTree(before) && Object.hasOwn(before, name) ? before[name] : undefined
    if (isTree(value)) return takenBack(old, value, path)
    if (value !== null) return { back: [], unset: [] }
    return old === undefined ? { back: [], unset: [path] } : { back: [path], unset: [] }
  })
  return { back: all.flatMap(one => one.back), unset: all.flatMap(one => one.unset) }
}
