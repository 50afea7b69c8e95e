/** A condition, checked: nothing else is ever computed. */
export type Node =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'name'; readonly index: number }
  | { readonly op: 'minus' | 'not'; readonly of: Node }
  | { readonly op: Binary; readonly left: Node; readonly right: Node }
  | { readonly op: 'if'; readonly test: Node; readonly then: Node; readonly otherwise: Node }
  | { readonly op: 'call'; readonly name: FunctionName; readonly args: readonly Node[] }

export const ARITHMETIC = ['+', '-', '*', '/'] as const
export const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='] as const
export type Binary = (typeof ARITHMETIC)[number] | (typeof COMPARISONS)[number] | 'and' | 'or'

/** Functions, and how many numbers they take. */
export const FUNCTIONS = {
  min: [2, 20],
  max: [2, 20],
  abs: [1, 1],
  round: [1, 1],
  floor: [1, 1],
  ceil: [1, 1],
  /** Whether a number is known: the one that is true or false for what is unknown. */
  known: [1, 1],
} as const satisfies Record<string, readonly [number, number]>
export type FunctionName = keyof typeof FUNCTIONS

export type Type = 'number' | 'boolean'

const isComparison = (op: string): boolean => (COMPARISONS as readonly string[]).includes(op)

/** Of what a node gives. */
export function typeOf(node: Node): Type {
  switch (node.op) {
    case 'number':
    case 'name':
    case 'minus':
      return 'number'
    case 'call':
      return node.name === 'known' ? 'boolean' : 'number'
    case 'if':
      return typeOf(node.then)
    case 'not':
    case 'and':
    case 'or':
      return 'boolean'
    default:
      return isComparison(node.op) ? 'boolean' : 'number'
  }
}
