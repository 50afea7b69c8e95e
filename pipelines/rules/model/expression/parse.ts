import { createRequire } from 'node:module'
import { didYouMean } from '../../../../engine/config/suggest.ts'
import { messageOf, StratumError } from '../../../../engine/errors.ts'
import { recorded } from '../../../recorded.ts'
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
const MOST_QUESTIONS = 20
const MOST_SIGNS = 10
/** Longer than any number that is meant; the largest that rounding to six decimals leaves as it is. */
const MOST_DIGITS = 25
const LARGEST = 1e9

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
  const node = read(parsed, { text, names, nodes: 0 }, 0)
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
    ['signs or "not" in a row', SIGNS.exec(text)],
    ['digits in a number', DIGITS.exec(text)],
    ['questions', text.split('?').length - 1 > MOST_QUESTIONS ? { index: text.indexOf('?') } : null],
  ] as const)
    if (found) throw refuse(`there are too many ${what} at character ${found.index + 1}`)
}

const SIGNS = new RegExp(`(?:(?:[-+]|\\bnot\\b)\\s*){${MOST_SIGNS}}`)
const DIGITS = new RegExp(`[0-9.]{${MOST_DIGITS}}`)

interface Reading {
  readonly text: string
  readonly names: readonly string[]
  nodes: number
}

/** Where a word is that is refused: trees of mathjs do not say. */
function place({ text }: Reading, word: string): string {
  const found = [...text.matchAll(/[A-Za-z_][A-Za-z0-9_]*|[^A-Za-z0-9_\s]+/g)].find(([part]) => part === word)
  const at = found?.index ?? text.indexOf(word)
  return at < 0 ? '' : ` at character ${at + 1}`
}

function read(parsed: Parsed, reading: Reading, depth: number): Node {
  if (++reading.nodes > MOST_NODES) throw refuse(`it has more than ${MOST_NODES} parts`)
  if (depth > MOST_NESTED) throw refuse(`its parts are more than ${MOST_NESTED} deep`)
  const { names } = reading
  const of = (inner: Parsed, type: Type): Node => {
    const node = read(inner, reading, depth + 1)
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
      return read(parsed.content!, reading, depth + 1)
    case 'ConstantNode':
      return { op: 'number', value: numberOf(parsed.value) }
    case 'SymbolNode': {
      const index = names.indexOf(parsed.name!)
      if (index >= 0) return { op: 'name', index }
      throw refuse(
        `there is no "${parsed.name!.slice(0, 40)}"${place(reading, parsed.name!)}${didYouMean(parsed.name!, names)}; it reads: ${names.join(', ') || 'nothing'}`,
      )
    }
    case 'OperatorNode':
      return readOperator(parsed, of, reading)
    case 'ConditionalNode': {
      const test = of(parsed.condition!, 'boolean')
      const then = read(parsed.trueExpr!, reading, depth + 1)
      return { op: 'if', test, then, otherwise: of(parsed.falseExpr!, typeOf(then)) }
    }
    case 'FunctionNode': {
      const name = (parsed.fn as Parsed | undefined)?.name ?? ''
      if (!Object.hasOwn(FUNCTIONS, name))
        throw refuse(
          `there is no function "${name.slice(0, 40)}"${place(reading, name)}; there are: ${Object.keys(FUNCTIONS).join(', ')}`,
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

/** What is compared is rounded to six decimals: a number that has more would be another one. */
function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw refuse(`${String(value).slice(0, 40)} is no number`)
  if (Math.abs(value) > LARGEST) throw refuse(`${value} is above ${LARGEST}`)
  if (recorded(value) !== value) throw refuse(`${value} has more than six decimals`)
  return value
}

function readOperator(parsed: Parsed, of: (inner: Parsed, type: Type) => Node, reading: Reading): Node {
  const op = parsed.op!
  const [first, second] = parsed.args!
  if (parsed.implicit) throw refuse('it leaves out an operator: write * to multiply')
  if (second === undefined) {
    if (op === '-') return { op: 'minus', of: of(first!, 'number') }
    if (op === '+') return of(first!, 'number')
    if (op === 'not' && first!.type !== 'ParenthesisNode' && first!.type !== 'FunctionNode')
      throw refuse(`not binds closest${place(reading, op)}: write not (a < b)`)
    if (op === 'not') return { op: 'not', of: of(first!, 'boolean') }
    throw refuse(`there is no operator ${op}${place(reading, op)}`)
  }
  const isNumeric = [...ARITHMETIC, ...COMPARISONS].includes(op as never)
  if (!isNumeric && op !== 'and' && op !== 'or')
    throw refuse(`there is no operator ${op}${place(reading, op)}`)
  const type = isNumeric ? 'number' : 'boolean'
  return { op: op as Binary, left: of(first!, type), right: of(second, type) }
}

const refuse = (why: string) => new StratumError('RECORD_INVALID', why)
