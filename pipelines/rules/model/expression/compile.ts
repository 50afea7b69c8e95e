import { recorded } from '../../../recorded.ts'
import type { COMPARISONS, FunctionName, Node } from './tree.ts'

/**
 * Inputs by index; NaN stands for unknown inside here alone. A condition gives 1, 0 or, unknown, NaN: what is unknown
 * makes what depends on it unknown, as Kleene has it.
 */
export type Compiled = (inputs: Float64Array) => number

/**
 * A checked condition as functions: what is evaluated ten million times looks nothing up.
 * @param columns where the numbers it names are among the inputs, in the order of their names
 */
export function compile(node: Node, columns: readonly number[]): Compiled {
  const inner = (of: Node) => compile(of, columns)
  switch (node.op) {
    case 'number': {
      const { value } = node
      return () => value
    }
    case 'name': {
      const at = columns[node.index]!
      return x => x[at]!
    }
    case 'minus': {
      const of = inner(node.of)
      return x => -of(x)
    }
    case 'not': {
      const of = inner(node.of)
      return x => 1 - of(x)
    }
    case 'if': {
      const [test, then, otherwise] = [inner(node.test), inner(node.then), inner(node.otherwise)]
      return x => {
        const is = test(x)
        return is === 1 ? then(x) : is === 0 ? otherwise(x) : Number.NaN
      }
    }
    case 'call':
      return call(node.name, node.args.map(inner))
    case 'and':
    case 'or':
      return logical(node.op, partsOf(node.op, node).map(inner))
    case '+':
    case '-':
    case '*':
    case '/':
      return arithmetic(node.op, inner(node.left), inner(node.right))
    default: {
      const { op, left, right } = node
      if (left.op === 'name' && right.op === 'number') return threshold(op, columns[left.index]!, right.value)
      return compared(op, asRecorded(left, columns), asRecorded(right, columns))
    }
  }
}

/** `a and b and c` is one list. */
const partsOf = (op: 'and' | 'or', node: Node): Node[] =>
  node.op === op ? [...partsOf(op, node.left), ...partsOf(op, node.right)] : [node]

function logical(op: 'and' | 'or', parts: readonly Compiled[]): Compiled {
  // What settles it whatever the others are.
  const [settles, otherwise] = op === 'and' ? [0, 1] : [1, 0]
  return x => {
    let is = otherwise
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!(x)
      if (part === settles) return settles
      if (part !== otherwise) is = Number.NaN
    }
    return is
  }
}

function arithmetic(op: '+' | '-' | '*' | '/', left: Compiled, right: Compiled): Compiled {
  switch (op) {
    case '+':
      return x => held(left(x) + right(x))
    case '-':
      return x => held(left(x) - right(x))
    case '*':
      return x => held(left(x) * right(x))
    // By nothing: unknown.
    case '/':
      return x => held(left(x) / right(x))
  }
}

/** Larger numbers than that would no longer differ when they are rounded to be compared. */
const MOST = 1e15
const held = (x: number): number => (Math.abs(x) <= MOST ? x : Number.NaN)

/** What is compared is what would be written down: inputs are that already. */
function asRecorded(node: Node, columns: readonly number[]): Compiled {
  const of = compile(node, columns)
  return node.op === 'name' || node.op === 'number' ? of : x => recorded(of(x))
}

type Comparison = (typeof COMPARISONS)[number]

/** A number that is read, against a constant: most of what conditions do, in one call. */
function threshold(op: Comparison, at: number, limit: number): Compiled {
  switch (op) {
    case '<':
      return x => (x[at]! < limit ? 1 : x[at]! >= limit ? 0 : Number.NaN)
    case '<=':
      return x => (x[at]! <= limit ? 1 : x[at]! > limit ? 0 : Number.NaN)
    case '>':
      return x => (x[at]! > limit ? 1 : x[at]! <= limit ? 0 : Number.NaN)
    case '>=':
      return x => (x[at]! >= limit ? 1 : x[at]! < limit ? 0 : Number.NaN)
    default:
      return compared(
        op,
        x => x[at]!,
        () => limit,
      )
  }
}

/** Unknown is neither below nor not below: NaN fails both. */
function compared(op: Comparison, left: Compiled, right: Compiled): Compiled {
  switch (op) {
    case '<':
      return x => {
        const a = left(x)
        const b = right(x)
        return a < b ? 1 : a >= b ? 0 : Number.NaN
      }
    case '<=':
      return x => {
        const a = left(x)
        const b = right(x)
        return a <= b ? 1 : a > b ? 0 : Number.NaN
      }
    case '>':
      return compared('<', right, left)
    case '>=':
      return compared('<=', right, left)
    case '==':
      return x => {
        const a = left(x)
        const b = right(x)
        return a === b ? 1 : a < b || a > b ? 0 : Number.NaN
      }
    default: {
      const equal = compared('==', left, right)
      return x => 1 - equal(x)
    }
  }
}

function call(name: FunctionName, args: readonly Compiled[]): Compiled {
  const [first] = args as [Compiled]
  switch (name) {
    case 'known':
      return x => (Number.isNaN(first(x)) ? 0 : 1)
    case 'abs':
      return x => Math.abs(first(x))
    case 'round':
      return x => Math.round(first(x))
    case 'floor':
      return x => Math.floor(first(x))
    case 'ceil':
      return x => Math.ceil(first(x))
    case 'min':
      return args.reduce((a, b) => x => Math.min(a(x), b(x)))
    case 'max':
      return args.reduce((a, b) => x => Math.max(a(x), b(x)))
  }
}
