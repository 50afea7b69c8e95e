/** One thing that is wrong in a file: where (`/tests/0/expect`), and what. */
export interface Wrong {
  readonly path: string
  readonly reason: string
}

export type Tree = { readonly [name: string]: unknown }

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `over` on top of `under`: objects merge, all else takes the place of what was there. */
export function merged(under: Tree, over: Tree): Tree {
  const result: Record<string, unknown> = { ...under }
  for (const [name, value] of Object.entries(over)) {
    const below = Object.hasOwn(result, name) ? result[name] : undefined
    result[name] = isTree(value) && isTree(below) ? merged(below, value) : value
  }
  return result
}

/** A tree with one value put at a dotted path: `trust.freshness`. */
export function withAt(tree: Tree, [name, ...rest]: readonly string[], value: unknown): Tree {
  if (name === undefined) return tree
  const inner = Object.hasOwn(tree, name) ? tree[name] : undefined
  return { ...tree, [name]: rest.length === 0 ? value : withAt(isTree(inner) ? inner : {}, rest, value) }
}
