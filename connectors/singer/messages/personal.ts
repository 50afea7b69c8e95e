import { REDACTED, redactNamedPii, redactPii } from '../../../plugins/privacy/redact.ts'

/** A text of JSON without what tells who a person is. Valid JSON stays valid, and numbers as they are written. */
export type Depersonalise = (record: string) => string

/** Names of fields of which `plugins/privacy` knows. Asked first: few streams have them. */
const MAY_BE_PERSONAL = /(?:mail|phone|tel|mobile|msisdn|whatsapp|cell)[-\w]{0,12}"\s*:/i
const TOKENS = /"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d[\d.eE+-]*|[{}[\]]|true|false|null/g

/**
 * E-mail addresses anywhere, telephone numbers by the name of their field, links that dial, and whatever the fields
 * called `names` hold.
 */
export function depersonaliserOf(names: readonly string[]): Depersonalise {
  const hidden = new Set(names.map(name => name.toLowerCase()))
  const mayBe = new RegExp([MAY_BE_PERSONAL.source, ...names.flatMap(patternsOf)].join('|'), 'gi')
  return record => {
    const redacted = redactPii(record)
    // Beside an escape only a token tells where an address begins.
    if (record.includes('\\') && (redacted !== record || /\\u0040/i.test(record)))
      return byToken(record, hidden)
    mayBe.lastIndex = 0
    if (!mayBe.test(redacted)) return redacted
    return byField(redacted, mayBe, hidden) ?? byToken(redacted, hidden)
  }
}

/** A name as taps write it: as it is, or in ASCII, as Python does by default. */
function patternsOf(name: string): string[] {
  const plain = JSON.stringify(name).slice(1, -1)
  const ascii = plain.replace(/[^\0-\x7f]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [plain, ascii].map(text => `"${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"\\s*:`)
}

const VALUE = /\s*(?:"((?:[^"\\]|\\.)*)"|-?\d[\d.eE+-]*|true|false|null)/y

/** Looks only at the fields whose names may be personal. null: one of them holds a list or an object. */
function byField(record: string, mayBe: RegExp, hidden: ReadonlySet<string>): string | null {
  let out = ''
  let from = 0
  mayBe.lastIndex = 0
  for (let match = mayBe.exec(record); match !== null; match = mayBe.exec(record)) {
    VALUE.lastIndex = mayBe.lastIndex
    const value = VALUE.exec(record)
    if (value === null) return null
    const nameEnd = record.lastIndexOf('"', mayBe.lastIndex - 1)
    const nameStart = record.lastIndexOf('"', nameEnd - 1)
    const field = record.slice(nameStart + 1, nameEnd).toLowerCase()
    if (field.includes('\\') || nameStart < from) return null
    const token = value[0].trimStart()
    const shown = shownOf(token, value[1], field, hidden)
    if (shown === token) continue
    out += record.slice(from, VALUE.lastIndex - token.length) + shown
    from = VALUE.lastIndex
  }
  return out + record.slice(from)
}

function byToken(record: string, hidden: ReadonlySet<string>): string {
  let field = ''
  let depth = 0
  /** Depth in which a hidden value lies; it is left out whole. 0: none. */
  let hiding = 0
  let out = ''
  let from = 0
  TOKENS.lastIndex = 0
  for (let match = TOKENS.exec(record); match !== null; match = TOKENS.exec(record)) {
    const [token, inner, colon] = match
    if (token === '{' || token === '[') {
      depth++
      if (hiding === 0 && hidden.has(field)) {
        hiding = depth
        out += `${record.slice(from, match.index)}"${REDACTED}"`
      }
      if (token === '{' && hiding === 0) field = ''
    } else if (token === '}' || token === ']') {
      if (hiding === depth) {
        hiding = 0
        from = TOKENS.lastIndex
      }
      depth--
      if (hiding === 0) field = ''
    } else if (hiding > 0) continue
    else if (colon !== undefined) {
      const name = textOf(inner!)
      field = name.toLowerCase()
      // Some have a map by address.
      const kept = redactPii(name)
      if (kept === name) continue
      out += record.slice(from, match.index) + JSON.stringify(kept) + colon
      from = TOKENS.lastIndex
    } else {
      const shown = shownOf(token, inner, field, hidden)
      if (shown === token) continue
      out += record.slice(from, match.index) + shown
      from = TOKENS.lastIndex
    }
  }
  return out + record.slice(from)
}

/** Values of a list have its name. */
function shownOf(
  token: string,
  inner: string | undefined,
  field: string,
  hidden: ReadonlySet<string>,
): string {
  if (token === 'null') return token
  if (hidden.has(field)) return `"${REDACTED}"`
  const text = inner === undefined ? token : textOf(inner)
  const kept = redactNamedPii(field, text)
  return kept === text ? token : JSON.stringify(kept)
}

const textOf = (inner: string): string =>
  inner.includes('\\') ? (JSON.parse(`"${inner}"`) as string) : inner
