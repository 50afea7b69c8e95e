const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COLON = 0x3a
const COMMA = 0x2c

/**
 * The members of an object as they are written, by name: `{"a": 1.10}` has a as `1.10`. Parsing would round numbers
 * that a float cannot hold, and what is written is what the tap has said. Of two members of one name the last
 * counts, as in JSON.parse. `text` must be valid JSON and an object.
 */
export function membersOf(text: string): Map<string, string> {
  const members = new Map<string, string>()
  let at = skipSpace(text, text.indexOf('{') + 1)
  while (text.charCodeAt(at) !== CLOSE_OBJECT) {
    const nameEnd = stringEnd(text, at)
    const raw = text.slice(at + 1, nameEnd - 1)
    const name = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
    at = skipSpace(text, nameEnd)
    if (text.charCodeAt(at) !== COLON) throw new Error('not valid JSON')
    const from = skipSpace(text, at + 1)
    const to = valueEnd(text, from)
    members.set(name, text.slice(from, to))
    at = skipSpace(text, to)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
  return members
}

function valueEnd(text: string, from: number): number {
  const first = text.charCodeAt(from)
  if (first === QUOTE) return stringEnd(text, from)
  let at = from
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY || code <= 0x20) break
    }
    return at
  }
  let depth = 0
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = stringEnd(text, at)
    else {
      at++
      if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++
      else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        if (--depth === 0) return at
      } else if (at > text.length) throw new Error('not valid JSON')
    }
  }
}

/** Behind the closing quote of the string that begins at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at === -1) throw new Error('not valid JSON')
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return at + 1
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= 0x20) at++
  return at
}
