import { REDACTED } from './redacted.ts'

/** From the @ on (percent-encoded any number of times in a URL within a URL): the domain. */
const AT = /(?:@|%(?:25)*40)[^\s"'<>()[\]{},;:?&=#/\\|@%]{1,253}\.\p{L}{2,63}/gu

const DELIMITERS = new Set('\t\n\r "\'<>()[]{},;:?&=#/\\|@\u00a0')

const LOCAL_MAX = 128

/**
 * Replaces e-mail addresses, plain or percent-encoded. It looks for the @ and walks back from there: a pattern that
 * begins with the local part takes minutes on a row of megabytes without a space.
 */
export function redactEmails(text: string): string {
  let out = ''
  let done = 0
  AT.lastIndex = 0
  for (let match = AT.exec(text); match !== null; match = AT.exec(text)) {
    const start = localStart(text, match.index, done)
    if (start === match.index) continue
    out += text.slice(done, start) + REDACTED
    done = AT.lastIndex
  }
  return done === 0 ? text : out + text.slice(done)
}

function localStart(text: string, at: number, floor: number): number {
  const end = Math.max(floor, at - LOCAL_MAX)
  let start = at
  while (start > end && (!DELIMITERS.has(text[start - 1]!) || isApostrophe(text, start - 1))) {
    start--
    // An encoded character ends the local part as it would plain; `+`, `%` and letters beyond ASCII belong to it.
    if (
      text[start] === '%' &&
      /^%(?:[01346][\da-f]|2[0-46-9a-f]|5b|5c|5d|7b|7c|7d)/i.test(text.slice(start, start + 3))
    )
      if (!/^%(?:2b|2d|2e|5f)/i.test(text.slice(start, start + 3))) return Math.min(start + 3, at)
  }
  return start
}

/** `o'brien@…` has one; a quoted address has a quote in the same place. */
const isApostrophe = (text: string, i: number): boolean =>
  text[i] === "'" && i > 0 && /[\p{L}\d]/u.test(text[i - 1]!)
