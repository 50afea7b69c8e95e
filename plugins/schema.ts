import type { JsonSchema } from '../engine/source/port.ts'

/**
 * Short constructors for JSON Schema, and the TypeScript type that follows from one. A property is required
 * unless it has a default or is made with `optional`.
 */
type Texts = Pick<JsonSchema, 'title' | 'description'>
type Options = Omit<JsonSchema, 'type' | 'properties' | 'items'>

/** Two signatures: without options, nothing may be inferred from where the schema is used. */
interface Scalar<T extends string> {
  (): { readonly type: T }
  <const O extends Options>(options: O): { readonly type: T } & O
}

const scalar = <T extends string>(type: T) => ((options?: Options) => ({ type, ...options })) as Scalar<T>

export const string = scalar('string')
export const integer = scalar('integer')
export const number = scalar('number')
export const boolean = scalar('boolean')
export const array = <const I extends JsonSchema>(items: I, options?: Texts) => ({
  type: 'array' as const,
  items,
  ...options,
})
/** A map from any name to values of one schema. */
export const map = <const V extends JsonSchema>(
  values: V,
  options?: Omit<Options, 'additionalProperties'>,
) => ({
  type: 'object' as const,
  additionalProperties: values,
  ...options,
})

/** The value may be null (unknown). */
export const nullable = <const I extends JsonSchema & { type: string }>(inner: I) => {
  const made = { ...inner, type: [inner.type, 'null'] as readonly [I['type'], 'null'] }
  // JSON Schema refuses null where an enumeration leaves it out; the type follows from `type`.
  if (inner.enum && !inner.enum.includes(null)) Object.assign(made, { enum: [...inner.enum, null] })
  return made
}

/** The property may be left out. */
export const optional = <const I extends JsonSchema>(inner: I): I & { readonly optional: true } => {
  const copy = { ...inner } as I & { optional: true }
  Object.defineProperty(copy, 'optional', { value: true, enumerable: false })
  return copy
}

export function object<const P extends Readonly<Record<string, JsonSchema>>>(
  properties: P,
  options?: Options,
) {
  const required = Object.entries(properties)
    .filter(([, s]) => !('optional' in s) && s.default === undefined)
    .map(([name]) => name)
  return { type: 'object' as const, properties, required, additionalProperties: false as const, ...options }
}

/** The TypeScript type of the values a schema accepts (after defaults are filled in). */
export type FromSchema<S> = S extends { enum: readonly (infer E)[] }
  ? S extends { type: readonly (infer T)[] }
    ? E | ('null' extends T ? null : never)
    : E
  : S extends { type: infer T }
    ? T extends readonly (infer U)[]
      ? U extends 'null'
        ? null
        : OfType<S, U>
      : OfType<S, T>
    : unknown

type OfType<S, T> = T extends 'string'
  ? string
  : T extends 'integer' | 'number'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends 'array'
        ? S extends { items: infer I }
          ? FromSchema<I>[]
          : unknown[]
        : T extends 'object'
          ? S extends { properties: infer P }
            ? { readonly [K in keyof P as P[K] extends { optional: true } ? never : K]: FromSchema<P[K]> } & {
                readonly [K in keyof P as P[K] extends { optional: true } ? K : never]?: FromSchema<P[K]>
              }
            : S extends { additionalProperties: infer V }
              ? Readonly<Record<string, V extends JsonSchema ? FromSchema<V> : unknown>>
              : Readonly<Record<string, unknown>>
          : unknown
