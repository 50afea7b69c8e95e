import { recorded } from '../../../recorded.ts'
import type { FunctionName, Node } from './tree.ts'

/**
 * Inputs by index; NaN stands for unknown inside here alone. A condition gives 1, 0 or, unknown, NaN: what is unknown
 * makes what depends on it unknown, as Kleene has it.
 */
export type Compiled = (inputs: Float64Array) => number

/** A checked condition as functions: what is evaluated ten million times looks nothing up. */
export function compile(node: Node): Compiled {
  switch (node.op) {
    case 'number': {
      const { value } = node
      return () => value
    }
    case 'name': {
      const { index } = node
      return x => x[index]!
    }
    case 'minus': {
      const of = compile(node.of)
      return x => -of(x)
    }
    case 'not': {
      const of = compile(node.of)
      return x => 1 - of(x)
    }
    case 'if': {
      const [test, then, otherwise] = [compile(node.test), compile(node.then), compile(node.otherwise)]
      return x => {
        const is = test(x)
        return is === 1 ? then(x) : is === 0 ? otherwise(x) : Number.NaN
      }
    }
    case 'call':
      return call(node.name, node.args.map(compile))
    default:
      return binary(node.op, compile(node.left), compile(node.right))
  }
}

type BinaryNode = Extract<Node, { left: Node }>

function binary(op: BinaryNode['op'], left: Compiled, right: Compiled): Compiled {
  switch (op) {
    case 'and':
      return x => {
        const a = left(x)
        if (a === 0) return 0
        const b = right(x)
        return b === 0 ? 0 : a === 1 ? b : Number.NaN
      }
    case 'or':
      return x => {
        const a = left(x)
        if (a === 1) return 1
        const b = right(x)
        return b === 1 ? 1 : a === 0 ? b : Number.NaN
      }
    case '+':
      return x => finite(left(x) + right(x))
    case '-':
      return x => finite(left(x) - right(x))
    case '*':
      return x => finite(left(x) * right(x))
    // By nothing: unknown.
    case '/':
      return x => finite(left(x) / right(x))
    case '<':
      return compared(left, right, (a, b) => a < b)
    case '<=':
      return compared(left, right, (a, b) => a <= b)
    case '>':
      return compared(left, right, (a, b) => a > b)
    case '>=':
      return compared(left, right, (a, b) => a >= b)
    case '==':
      return compared(left, right, (a, b) => a === b)
    case '!=':
      return compared(left, right, (a, b) => a !== b)
  }
}

const finite = (x: number): number => (Number.isFinite(x) ? x : Number.NaN)

/** What is compared is what would be written down. */
function compared(left: Compiled, right: Compiled, is: (a: number, b: number) => boolean): Compiled {
  return x => {
    const [a, b] = [left(x), right(x)]
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
    return is(recorded(a), recorded(b)) ? 1 : 0
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
      return x => Math.min(...args.map(arg => arg(x)))
    case 'max':
      return x => Math.max(...args.map(arg => arg(x)))
  }
}
