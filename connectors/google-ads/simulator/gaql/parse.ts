import { queryError } from '../errors.ts'

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'IN'
  | 'NOT IN'
  | 'LIKE'
  | 'IS NULL'
  | 'IS NOT NULL'

export interface Condition {
  readonly field: string
  readonly operator: Operator
  /** As they are written, without quotes. */
  readonly values: readonly string[]
}

/** What a query asks for. BETWEEN is two conditions. */
export interface Query {
  readonly select: readonly string[]
  readonly from: string
  readonly where: readonly Condition[]
  readonly orderBy: readonly { readonly field: string; readonly isDescending: boolean }[]
  readonly limit: number | null
}

/**
 * The Google Ads Query Language, as far as reading needs it: SELECT, FROM, WHERE with AND, ORDER BY, LIMIT, and
 * PARAMETERS, which is read over. @throws ApiFailure: queryError
 */
export function parseQuery(text: string): Query {
  const tokens = new Tokens(text)
  if (!tokens.take('SELECT')) throw queryError('EXPECTED_SELECT', 'Error in query: expected SELECT.')
  const select = tokens.list(() => tokens.name('a field'))
  if (!tokens.take('FROM'))
    throw queryError('EXPECTED_FROM', `Error in query: expected FROM ${tokens.place()}.`)
  const from = tokens.name('a resource')
  const where: Condition[] = []
  if (tokens.take('WHERE'))
    do where.push(...conditionOf(tokens))
    while (tokens.take('AND'))
  let orderBy: Query['orderBy'] = []
  if (tokens.take('ORDER')) {
    if (!tokens.take('BY')) throw queryError('EXPECTED_BY', 'Error in query: expected BY.')
    orderBy = tokens.list(() => {
      const field = tokens.name('a field')
      const isDescending = tokens.take('DESC')
      if (!isDescending) tokens.take('ASC')
      return { field, isDescending }
    })
  }
  const limit = tokens.take('LIMIT') ? limitOf(tokens.value()) : null
  if (tokens.take('PARAMETERS')) tokens.rest()
  if (!tokens.isEnd)
    throw queryError('UNEXPECTED_INPUT', `Error in query: unexpected input ${tokens.place()}.`)
  return { select, from, where, orderBy, limit }
}

function limitOf(text: string): number {
  if (!/^\d+$/.test(text)) throw queryError('BAD_LIMIT_VALUE', `Error in query: '${text}' is no limit.`)
  if (Number(text) < 1) throw queryError('LIMIT_VALUE_TOO_LOW', 'The limit is too low.')
  return Number(text)
}

function conditionOf(tokens: Tokens): Condition[] {
  const field = tokens.name('a field')
  if (tokens.take('BETWEEN')) {
    const low = tokens.value()
    if (!tokens.take('AND')) throw queryError('EXPECTED_AND', 'Error in query: expected AND.')
    return [
      { field, operator: '>=', values: [low] },
      { field, operator: '<=', values: [tokens.value()] },
    ]
  }
  if (tokens.take('IS')) {
    const operator = tokens.take('NOT') ? 'IS NOT NULL' : 'IS NULL'
    if (!tokens.take('NULL')) throw queryError('BAD_OPERATOR', 'Error in query: expected NULL.')
    return [{ field, operator, values: [] }]
  }
  const isNot = tokens.take('NOT')
  if (tokens.take('IN')) {
    if (!tokens.take('(')) throw queryError('EXPECTED_LIST', 'Error in query: expected a list.')
    const values = tokens.list(() => tokens.value())
    if (!tokens.take(')')) throw queryError('UNEXPECTED_END_OF_QUERY', 'Error in query: expected ).')
    return [{ field, operator: isNot ? 'NOT IN' : 'IN', values }]
  }
  const operator = tokens.operator()
  return [{ field, operator, values: [tokens.value()] }]
}

const TOKEN = /\s*(?:('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(<=|>=|!=|[=<>(),])|([A-Za-z0-9_.-]+))/y

class Tokens {
  readonly #all: { readonly text: string; readonly isString: boolean }[] = []
  #at = 0

  constructor(text: string) {
    const trimmed = text.trim()
    TOKEN.lastIndex = 0
    while (TOKEN.lastIndex < trimmed.length) {
      const from = TOKEN.lastIndex
      const match = TOKEN.exec(trimmed)
      if (!match) {
        const rest = trimmed.slice(from).trim()
        const code = /^['"]/.test(rest) ? 'STRING_NOT_TERMINATED' : 'BAD_SYMBOL'
        throw queryError(code, `Error in query: at '${rest.slice(0, 20)}'.`)
      }
      const [, string, symbol, word] = match
      this.#all.push(
        string === undefined
          ? { text: (symbol ?? word)!, isString: false }
          : { text: string.slice(1, -1).replace(/\\(.)/g, '$1'), isString: true },
      )
    }
  }

  get isEnd(): boolean {
    return this.#at >= this.#all.length
  }

  take(word: string): boolean {
    const next = this.#all[this.#at]
    if (next === undefined || next.isString || next.text.toUpperCase() !== word) return false
    this.#at++
    return true
  }

  name(what: string): string {
    const next = this.#all[this.#at]
    if (next === undefined) throw queryError('UNEXPECTED_END_OF_QUERY', `Error in query: expected ${what}.`)
    if (next.isString || !/^[a-z][a-z0-9_.]*$/i.test(next.text))
      throw queryError('BAD_FIELD_NAME', `Error in query: expected ${what}, not '${next.text}'.`)
    this.#at++
    return next.text
  }

  value(): string {
    const next = this.#all[this.#at]
    if (next === undefined) throw queryError('UNEXPECTED_END_OF_QUERY', 'Error in query: expected a value.')
    if (!next.isString && /^[=<>(),!]/.test(next.text))
      throw queryError('BAD_VALUE', `Error in query: '${next.text}' is no value.`)
    this.#at++
    return next.text
  }

  operator(): Operator {
    for (const operator of ['=', '!=', '<', '<=', '>', '>=', 'LIKE'] as const)
      if (this.take(operator)) return operator
    throw queryError('BAD_OPERATOR', `Error in query: expected an operator ${this.place()}.`)
  }

  list<T>(item: () => T): T[] {
    const items = [item()]
    while (this.take(',')) items.push(item())
    return items
  }

  rest(): void {
    this.#at = this.#all.length
  }

  place(): string {
    const next = this.#all[this.#at]
    return next === undefined ? 'at its end' : `at '${next.text.slice(0, 20)}'`
  }
}
