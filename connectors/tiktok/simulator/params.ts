import { invalid } from './answer.ts'

export type Params = Readonly<Record<string, unknown>>

/** Parameters of a query, where lists and objects are JSON in a text, or of a JSON body. */
export class Asked {
  readonly #params: Params
  readonly #isQuery: boolean

  constructor(params: Params, isQuery: boolean) {
    this.#params = params
    this.#isQuery = isQuery
  }

  value(name: string): unknown {
    return this.#params[name]
  }

  text(name: string): string | null {
    const value = this.#params[name] ?? null
    if (value === null) return null
    if (typeof value === 'string') return value
    return invalid(`${name}: Not a valid string`)
  }

  needed(name: string): string {
    return this.text(name) ?? invalid(`${name}: Missing data for required field.`)
  }

  texts(name: string): readonly string[] | null {
    const value = this.#parsed(name)
    if (value === null) return null
    if (Array.isArray(value) && value.every(one => typeof one === 'string')) return value
    return invalid(`${name}: Not a valid list of strings`)
  }

  objects(name: string): readonly Params[] | null {
    const value = this.#parsed(name)
    if (value === null) return null
    if (Array.isArray(value) && value.every(one => typeof one === 'object' && one !== null)) return value
    return invalid(`${name}: Not a valid list of objects`)
  }

  object(name: string): Params | null {
    const value = this.#parsed(name)
    if (value === null) return null
    if (typeof value === 'object' && !Array.isArray(value)) return value as Params
    return invalid(`${name}: Not a valid object`)
  }

  integer(name: string, otherwise: number, most: number): number {
    const value = Number(this.#params[name] ?? otherwise)
    if (Number.isInteger(value) && value >= 1 && value <= most) return value
    return invalid(`${name}: Must be between 1 and ${most}.`)
  }

  flag(name: string): boolean {
    return [true, 'true'].includes(this.#params[name] as boolean | string)
  }

  #parsed(name: string): unknown {
    const value = this.#params[name] ?? null
    if (value === null || !this.#isQuery) return value
    try {
      return JSON.parse(String(value))
    } catch {
      return invalid(`${name}: Not a valid JSON`)
    }
  }
}
