import fc from 'fast-check'
import { recorded } from '../../../pipelines/recorded.ts'
import { compile } from '../../../pipelines/rules/model/expression/compile.ts'
import { parseCondition } from '../../../pipelines/rules/model/expression/parse.ts'

/** Numbers by name; null: unknown. */
export type Numbers = Readonly<Record<string, number | null>>
export type Truth = boolean | null

/** What a condition says of some numbers, as it is computed by the product. */
export function truthOf(text: string, numbers: Numbers): Truth {
  const names = Object.keys(numbers)
  const compiled = compile(
    parseCondition(text, names),
    names.map((_, i) => i),
  )
  const value = compiled(Float64Array.from(names, name => numbers[name] ?? Number.NaN))
  return value === 1 ? true : value === 0 ? false : null
}

/** A condition as text, and what it says by the plainest means there are. */
export interface Told<T> {
  readonly text: string
  readonly is: (numbers: Numbers) => T | null
}

export const NAMES = ['a', 'b', 'spend_7d'] as const

const both = <A, T>(left: Told<A>, right: Told<A>, op: string, of: (a: A, b: A) => T | null): Told<T> => ({
  text: `(${left.text}) ${op} (${right.text})`,
  is: numbers => {
    const [a, b] = [left.is(numbers), right.is(numbers)]
    return a === null || b === null ? null : of(a, b)
  },
})
const one = <A, T>(inner: Told<A>, text: string, of: (a: A) => T | null): Told<T> => ({
  text,
  is: numbers => {
    const a = inner.is(numbers)
    return a === null ? null : of(a)
  },
})
const held = (x: number): number | null => (Math.abs(x) <= 1e15 ? x : null)

const and = (a: Truth, b: Truth): Truth =>
  a === false || b === false ? false : a === null || b === null ? null : true
const not = (a: Truth): Truth => (a === null ? null : !a)

const comparison = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')

function compares(op: string, x: number, y: number): boolean {
  const [a, b] = [recorded(x), recorded(y)]
  if (op === '==') return a === b
  if (op === '!=') return a !== b
  return op.startsWith('<') ? a < b || (op === '<=' && a === b) : a > b || (op === '>=' && a === b)
}

function reckons(op: string, x: number, y: number): number {
  if (op === '+') return x + y
  if (op === '-') return x - y
  return op === '*' ? x * y : x / y
}

const leaf: fc.Arbitrary<Told<number>> = fc.oneof(
  fc.constantFrom(...NAMES).map(name => ({ text: name, is: (x: Numbers) => x[name] ?? null })),
  fc.integer({ min: 0, max: 999_999 }).map(n => ({ text: String(n / 1000), is: () => n / 1000 })),
)

const number: fc.Memo<Told<number>> = fc.memo((depth): fc.Arbitrary<Told<number>> => {
  if (depth <= 1) return leaf
  const [a, b] = [number(depth - 1), number(depth - 1)]
  return fc.oneof(
    leaf,
    fc
      .tuple(a, b, fc.constantFrom('+', '-', '*', '/'))
      .map(([left, right, op]) => both<number, number>(left, right, op, (x, y) => held(reckons(op, x, y)))),
    a.map(inner => one<number, number>(inner, `-(${inner.text})`, x => -x)),
    fc
      .tuple(a, fc.constantFrom('abs' as const, 'round' as const, 'floor' as const, 'ceil' as const))
      .map(([inner, name]) => one<number, number>(inner, `${name}(${inner.text})`, x => Math[name](x))),
    fc.tuple(a, b, fc.constantFrom('min' as const, 'max' as const)).map(([left, right, name]) => ({
      ...both<number, number>(left, right, ',', (x, y) => Math[name](x, y)),
      text: `${name}(${left.text}, ${right.text})`,
    })),
    fc.tuple(truth(depth - 1), a, b).map(([test, left, right]) => ({
      text: `((${test.text}) ? (${left.text}) : (${right.text}))`,
      is: (x: Numbers) => {
        const is = test.is(x)
        return is === null ? null : (is ? left : right).is(x)
      },
    })),
  )
})

const truth: fc.Memo<Told<boolean>> = fc.memo((depth): fc.Arbitrary<Told<boolean>> => {
  const amount = number(depth - 1)
  const compared = fc
    .tuple(amount, number(depth - 1), comparison)
    .map(([left, right, op]) => both<number, boolean>(left, right, op, (x, y) => compares(op, x, y)))
  if (depth <= 1) return compared
  const [a, b] = [truth(depth - 1), truth(depth - 1)]
  return fc.oneof(
    compared,
    amount.map(inner => ({ text: `known(${inner.text})`, is: (x: Numbers) => inner.is(x) !== null })),
    a.map(inner => ({ text: `not (${inner.text})`, is: (x: Numbers) => not(inner.is(x)) })),
    fc.tuple(a, b, fc.boolean()).map(([left, right, isAnd]) => ({
      text: `(${left.text}) ${isAnd ? 'and' : 'or'} (${right.text})`,
      is: (x: Numbers) =>
        isAnd ? and(left.is(x), right.is(x)) : not(and(not(left.is(x)), not(right.is(x)))),
    })),
  )
})

/** Conditions of all that there is in conditions. */
export const condition: fc.Arbitrary<Told<boolean>> = truth(4)

export const numbers: fc.Arbitrary<Numbers> = fc.record(
  Object.fromEntries(
    NAMES.map(name => [name, fc.option(fc.integer({ min: -1e9, max: 1e9 }).map(n => n / 1000))]),
  ),
) as fc.Arbitrary<Numbers>
