import type { JsonSchema } from '../engine/source/port.ts'

/**
 * Short constructors for JSON Schema, and the TypeScript type that follows from one. A property is required
 * unless it has a default or is made with `optional`.
 */
type Options = Omit<JsonSchema, 'type' | 'properties' | 'items'>

export const string = <const O extends Options>(options?: O) => ({ type: 'string' as const, ...(options as O) })
export const integer = <const O extends Options>(options?: O) => ({ type: 'integer' as const, ...(options as O) })
export const number = <const O extends Options>(options?: O) => ({ type: 'number' as const, ...(options as O) })
export const boolean = <const O extends Options>(options?: O) => ({ type: 'boolean' as const, ...(options as O) })
export const array = <const I extends JsonSchema>(items: I, options?: Options) => ({
  type: 'array' as const,
  items,
  ...options,
})
/** A map from any name to values of one schema. */
export const map = <const V extends JsonSchema>(values: V, options?: Options) => ({
  type: 'object' as const,
  additionalProperties: values,
  ...options,
})

/** The value may be null (unknown). */
export const nullable = <const I extends JsonSchema & { type: string }>(inner: I) => ({
  ...inner,
  type: [inner.type, 'null'] as readonly [I['type'], 'null'],
})

/** The property may be left out. */
export const optional = <const I extends JsonSchema>(inner: I): I & { readonly optional: true } => {
  const copy = { ...inner } as I & { optional: true }
  Object.defineProperty(copy, 'optional', { value: true, enumerable: false })
  return copy
}

export function object<const P extends Readonly<Record<string, JsonSchema>>>(properties: P, options?: Options) {
  const required = Object.entries(properties)
    .filter(([, s]) => !('optional' in s) && s.default === undefined)
    .map(([name]) => name)
  return { type: 'object' as const, properties, required, additionalProperties: false as const, ...options }
}

/** The TypeScript type of the values a schema accepts (after defaults are filled in). */
export type FromSchema<S> = S extends { enum: readonly (infer E)[] }
  ? E
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
