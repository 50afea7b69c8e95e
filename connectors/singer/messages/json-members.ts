const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COMMA = 0x2c

/**
 * A member of an object as it is written: `a` of `{"a": 1.10}` is `1.10`, and undefined where there is none. Parsing
 * would round numbers that a float cannot hold. Of two members of one name the last counts, as in JSON.parse.
 *
 * @param text valid JSON, and an object; of anything else the answer means nothing, but it ends.
 */
export function memberOf(text: string, name: string): string | undefined {
  let found: string | undefined
  let at = skipSpace(text, text.indexOf('{') + 1)
  while (at < text.length && text.charCodeAt(at) === QUOTE) {
    const nameEnd = stringEnd(text, at)
    const isIt = isName(text, at, nameEnd, name)
    const from = skipSpace(text, skipSpace(text, nameEnd) + 1)
    const to = valueEnd(text, from)
    if (isIt) found = text.slice(from, to)
    at = skipSpace(text, to)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
  return found
}

/** Names may be written with escapes. */
function isName(text: string, from: number, to: number, name: string): boolean {
  if (to - from - 2 === name.length) return text.startsWith(name, from + 1) && !name.includes('\\')
  const slash = text.indexOf('\\', from)
  return slash !== -1 && slash < to && JSON.parse(text.slice(from, to)) === name
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
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = stringEnd(text, at)
      continue
    }
    at++
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++
    else if ((code === CLOSE_OBJECT || code === CLOSE_ARRAY) && --depth === 0) return at
  }
  return at
}

/** Behind the closing quote of the string that begins at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at === -1) return text.length
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
