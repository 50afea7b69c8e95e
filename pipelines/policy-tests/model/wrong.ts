import { isTree, type Tree } from '../../tree.ts'

/** One thing that is wrong in a file: where (`/tests/0/expect`), and what. */
export interface Wrong {
  readonly path: string
  readonly reason: string
}

/** A tree with one value put at a dotted path: `trust.freshness`. */
export function withAt(tree: Tree, [name, ...rest]: readonly string[], value: unknown): Tree {
  if (name === undefined) return tree
  const inner = Object.hasOwn(tree, name) ? tree[name] : undefined
  return { ...tree, [name]: rest.length === 0 ? value : withAt(isTree(inner) ? inner : {}, rest, value) }
}
