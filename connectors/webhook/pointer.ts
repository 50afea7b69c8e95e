/** What is at a JSON pointer (RFC 6901); undefined where nothing is. Members of its own only. */
export function at(value: unknown, pointer: string): unknown {
  if (pointer === '') return value
  let here = value
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined
    here = (here as Record<string, unknown>)[name]
  }
  return here
}
