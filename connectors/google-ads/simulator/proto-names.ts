/** A request's body with lowerCamelCase names: the JSON of protocol buffers takes the names of the proto file too. */
export function camelNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelNames(inner),
    ]),
  )
}
