import { redactEmails } from './emails.ts'
import { REDACTED } from './redacted.ts'

export { REDACTED }

/** `property`: as HubSpot's taps name columns. */
const WHOSE =
  '(?:user|customer|contact|client|billing|shipping|home|work|primary|business|company|property)[-_]?'
const PII_NAME = `(?:${WHOSE}){0,2}(?:e[-_]?mail(?:[-_]?addr(?:ess)?)?|mail|(?:tele)?phone(?:[-_]?(?:number|no))?|tel|mobile(?:[-_]?(?:number|phone|no))?|cell(?:[-_]?phone)?|msisdn|whatsapp)`

/** `phone=…` in a query or fragment, also where the URL itself is a percent-encoded value of another. */
const NAMED = new RegExp(
  `(^|[?&;#\\s/"']|%(?:25)*(?:3F|26|23))(${PII_NAME})(=|%(?:25)*3D)([^&#;\\s"']*)`,
  'gi',
)

/** Asked first: it is quicker than the pattern itself. */
const MAY_DIAL = /tel|sms|callto|wa\.me/i

/** Links that dial or write: `tel:+49…`, `sms:…`, `wa.me/49…`. */
const DIAL = /\b(tel|sms|callto|wa\.me)(:|\/|%3A|%2F)[+\d(%][\d\s().+%-]{4,40}\d/gi

/**
 * Replaces e-mail addresses and the telephone numbers of URL parameters and dial links by `(redacted)`.
 * Text that can hold none of them costs a few byte searches.
 */
export function redactPii(text: string): string {
  let out = text
  if (text.includes('@') || text.includes('%')) out = redactEmails(out)
  if (text.includes('=') || text.includes('3D') || text.includes('3d')) out = out.replace(NAMED, namedValue)
  if (MAY_DIAL.test(text))
    out = out.replace(DIAL, (_, scheme: string, colon: string) => scheme + colon + REDACTED)
  return out
}

/** The value of a parameter that came with its name apart from it (`phone`, `+49 …`). */
export function redactNamedPii(name: string, value: string): string {
  return isPiiName(name) && isPersonal(name, value) ? REDACTED : redactPii(value)
}

function namedValue(whole: string, before: string, name: string, equals: string, value: string): string {
  return isPersonal(name, value) ? before + name + equals + REDACTED : whole
}

/** `mobile=true` and `mail=1` are flags and no person; a number needs six digits, an address any text. */
function isPersonal(name: string, value: string): boolean {
  if (value === '' || value === REDACTED) return false
  if (/mail/i.test(name)) return !/^(?:[01]|true|false|yes|no|undefined|null)$/i.test(value)
  return value.replace(/%[\da-f]{2}/gi, '').replace(/\D/g, '').length >= 6
}

const WHOLE_NAME = new RegExp(`^(?:${PII_NAME})$`, 'i')
const known = new Map<string, boolean>()

function isPiiName(name: string): boolean {
  let answer = known.get(name)
  if (answer === undefined) {
    answer = WHOLE_NAME.test(name)
    // Names repeat; a source with endless names must not fill the memory.
    if (known.size < 10_000) known.set(name, answer)
  }
  return answer
}
