import { createRequire } from 'node:module'
import { didYouMean } from '../../../../engine/config/suggest.ts'
import { messageOf, StratumError } from '../../../../engine/errors.ts'
import {
  ARITHMETIC,
  type Binary,
  COMPARISONS,
  FUNCTIONS,
  type FunctionName,
  type Node,
  type Type,
  typeOf,
} from './tree.ts'

/** What a condition may be at most: a rule that is longer is another rule. */
export const MOST_CHARACTERS = 2_000
const MOST_NESTED = 50
const MOST_NODES = 500

/** The part of a tree of mathjs that is looked at. */
interface Parsed {
  readonly type: string
  readonly name?: string
  readonly value?: unknown
  readonly op?: string
  readonly fn?: unknown
  readonly implicit?: boolean
  readonly args?: readonly Parsed[]
  readonly content?: Parsed
  readonly condition?: Parsed
  readonly trueExpr?: Parsed
  readonly falseExpr?: Parsed
}

let parser: ((text: string) => Parsed) | null = null

/** mathjs parses, and does nothing else. Loaded when there is a rule: other commands answer sooner without it. */
function mathjs(text: string): Parsed {
  if (parser === null) {
    const { parse } = createRequire(import.meta.url)('mathjs/number') as { parse: (text: string) => Parsed }
    parser = parse
  }
  return parser(text)
}

/**
 * A condition over named numbers: `roas < 0.8 and spend > 500`.
 * @throws RECORD_INVALID: what is wrong with it, and where
 */
export function parseCondition(text: string, names: readonly string[]): Node {
  holdSize(text)
  let parsed: Parsed
  try {
    parsed = mathjs(text)
  } catch (error) {
    throw refuse(messageOf(error))
  }
  const counted = { nodes: 0 }
  const node = read(parsed, names, counted)
  if (typeOf(node) !== 'boolean') throw refuse('it is a number: compare it with something')
  return node
}

/** Before anything is parsed: what is too much for a parser never comes to one. */
function holdSize(text: string): void {
  if (text.trim() === '') throw refuse('it is empty')
  if (text.length > MOST_CHARACTERS)
    throw refuse(`it has ${text.length} characters; ${MOST_CHARACTERS} are the most`)
  const odd = /[^A-Za-z0-9_.+\-*/<>=!?:(), \t\r\n]/.exec(text)
  if (odd)
    throw refuse(`there is a ${JSON.stringify(odd[0])} at character ${odd.index + 1}, which no condition has`)
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++
    if (text[i] === ')') depth--
    if (depth > MOST_NESTED)
      throw refuse(`more than ${MOST_NESTED} parentheses are open at character ${i + 1}`)
  }
  for (const [what, found] of [
    ['signs or "not" in a row', /(?:(?:[-+]|\bnot\b)\s*){10}/.exec(text)],
    ['questions', (text.match(/\?/g)?.length ?? 0) > 20 ? { index: text.indexOf('?') } : null],
  ] as const)
    if (found) throw refuse(`there are too many ${what} at character ${found.index + 1}`)
}

function read(parsed: Parsed, names: readonly string[], counted: { nodes: number }): Node {
  if (++counted.nodes > MOST_NODES) throw refuse(`it has more than ${MOST_NODES} parts`)
  const of = (inner: Parsed, type: Type): Node => {
    const node = read(inner, names, counted)
    if (typeOf(node) !== type)
      throw refuse(
        type === 'number'
          ? 'it reckons with something that is true or false'
          : 'and, or, not take comparisons',
      )
    return node
  }
  switch (parsed.type) {
    case 'ParenthesisNode':
      return read(parsed.content!, names, counted)
    case 'ConstantNode':
      if (typeof parsed.value === 'number' && Number.isFinite(parsed.value))
        return { op: 'number', value: parsed.value }
      throw refuse(`${String(parsed.value).slice(0, 40)} is no number`)
    case 'SymbolNode': {
      const index = names.indexOf(parsed.name!)
      if (index >= 0) return { op: 'name', index }
      throw refuse(
        `there is no "${parsed.name!.slice(0, 40)}"${didYouMean(parsed.name!, names)}; it reads: ${names.join(', ') || 'nothing'}`,
      )
    }
    case 'OperatorNode':
      return readOperator(parsed, of)
    case 'ConditionalNode': {
      const test = of(parsed.condition!, 'boolean')
      const then = read(parsed.trueExpr!, names, counted)
      return { op: 'if', test, then, otherwise: of(parsed.falseExpr!, typeOf(then)) }
    }
    case 'FunctionNode': {
      const name = (parsed.fn as Parsed | undefined)?.name ?? ''
      if (!Object.hasOwn(FUNCTIONS, name))
        throw refuse(
          `there is no function "${name.slice(0, 40)}"; there are: ${Object.keys(FUNCTIONS).join(', ')}`,
        )
      const [least, most] = FUNCTIONS[name as FunctionName]
      const args = parsed.args!
      if (args.length < least || args.length > most)
        throw refuse(
          `${name} takes ${least === most ? least : `${least} to ${most}`} numbers, not ${args.length}`,
        )
      return { op: 'call', name: name as FunctionName, args: args.map(arg => of(arg, 'number')) }
    }
    case 'RelationalNode':
      throw refuse('it compares twice in a row: write a < b and b < c')
    case 'AssignmentNode':
    case 'FunctionAssignmentNode':
      throw refuse('it assigns something: == compares')
    default:
      throw refuse(`a condition has no ${parsed.type.replace(/Node$/, '').toLowerCase()}`)
  }
}

function readOperator(parsed: Parsed, of: (inner: Parsed, type: Type) => Node): Node {
  const op = parsed.op!
  const [first, second] = parsed.args!
  if (parsed.implicit) throw refuse('it leaves out an operator: write * to multiply')
  if (second === undefined) {
    if (op === '-') return { op: 'minus', of: of(first!, 'number') }
    if (op === '+') return of(first!, 'number')
    if (op === 'not') return { op: 'not', of: of(first!, 'boolean') }
    throw refuse(`there is no operator ${op}`)
  }
  const isNumeric = [...ARITHMETIC, ...COMPARISONS].includes(op as never)
  if (!isNumeric && op !== 'and' && op !== 'or') throw refuse(`there is no operator ${op}`)
  const type = isNumeric ? 'number' : 'boolean'
  return { op: op as Binary, left: of(first!, type), right: of(second, type) }
}

const refuse = (why: string) => new StratumError('RECORD_INVALID', why)
