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
  const quoted = names.map(name =>
    JSON.stringify(name)
      .slice(1, -1)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  )
  const mayBe = new RegExp([MAY_BE_PERSONAL.source, ...quoted].join('|'), 'i')
  return record => (mayBe.test(record) || redactPii(record) !== record ? byToken(record, hidden) : record)
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
