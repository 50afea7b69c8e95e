export interface Reshaped {
  readonly what: string
  readonly text: string
  /** A value of another type stands there that could be a key: what it gives was then sent. */
  readonly mayBeKey: boolean
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** At most so many fields of a body, those that come first. */
const FIELDS = 60

/** A JSON body with every field, one at a time, left out, null, or of another type. */
export function reshaped(body: Buffer): Reshaped[] {
  const whole = JSON.parse(body.toString()) as Json
  const made: Reshaped[] = ['null', '7', '"text"', '[]', '{}', '[null, 7, []]'].map(text => ({
    what: `the body ${text}`,
    text,
    mayBeKey: false,
  }))
  for (const path of pathsIn(whole).slice(0, FIELDS)) {
    const at = path.join('.')
    made.push({
      what: `${at} is missing`,
      text: JSON.stringify(changed(whole, path, undefined)),
      mayBeKey: false,
    })
    for (const value of [null, true, -1.5, 'text', [], { other: ['shape'] }] as Json[])
      made.push({
        what: `${at} is ${JSON.stringify(value)}`,
        text: JSON.stringify(changed(whole, path, value)),
        mayBeKey: value !== null && typeof value !== 'object',
      })
  }
  return made
}

function pathsIn(value: Json): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    [name],
    ...pathsIn(inner).map(rest => [name, ...rest]),
  ])
}

function changed(whole: Json, path: readonly string[], value: Json | undefined): Json {
  const copy = structuredClone(whole)
  let at = copy as Record<string, Json>
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, Json>
  if (value === undefined && !Array.isArray(at)) delete at[path.at(-1)!]
  else at[path.at(-1)!] = value ?? null
  return copy
}
