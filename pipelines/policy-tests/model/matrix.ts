import { isTree, type Tree } from '../../tree.ts'
import { shown } from './expected.ts'
import { type Wrong, withAt } from './wrong.ts'

/** One combination of the values of a matrix. */
export interface Cell {
  /** `role: MANAGER`; '': there is no matrix. */
  readonly label: string
  /** Puts its values into what a case gives (`given`), or the command it asks for (`when`). */
  put(test: Tree): Tree
}

/** Every combination of the values of its axes, the last one changing first. */
export function cellsOf(
  matrix: unknown,
  path: string,
  most: number,
): { readonly cells: readonly Cell[] } | { readonly wrong: readonly Wrong[] } {
  if (matrix === undefined) return { cells: [{ label: '', put: test => test }] }
  const wanted =
    'has lists by what they are put in place of: { role: [MANAGER, ADMIN] }, { trust.freshness: [0, 100] }'
  if (!isTree(matrix) || Object.keys(matrix).length === 0) return { wrong: [{ path, reason: wanted }] }
  let cells: Cell[] = [{ label: '', put: test => test }]
  for (const [name, values] of Object.entries(matrix)) {
    const at = `${path}/${name}`
    if (!/^[a-z_0-9]+(\.[a-z_0-9]+){0,3}$/i.test(name) || name.includes('__proto__'))
      return { wrong: [{ path: at, reason: 'is no name of what is given' }] }
    if (!Array.isArray(values) || values.length === 0)
      return { wrong: [{ path: at, reason: `is a list of values, got ${shown(values)}` }] }
    if (cells.length * values.length > most)
      return { wrong: [{ path, reason: `has more than ${most} cells` }] }
    const where = name === 'command' ? ['when', 'command'] : ['given', ...name.split('.')]
    cells = cells.flatMap(({ label, put }) =>
      values.map((value: unknown) => ({
        label: `${label === '' ? '' : `${label}, `}${name}: ${typeof value === 'string' ? value : shown(value)}`,
        put: (test: Tree) => withAt(put(test), where, value),
      })),
    )
  }
  return { cells }
}
