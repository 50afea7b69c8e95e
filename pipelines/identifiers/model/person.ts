import { type Destination, type Normalised, value } from './identifier.ts'

/** Without punctuation, symbols and white space, in lower case; letters of any script stay. */
export const lettersOf = (text: string): string => text.toLowerCase().replace(/[\s\p{P}\p{S}]/gu, '')

const TITLE = /^(mr|mrs|ms|miss|mx|dr|prof|sir|madam|herr|frau)(\.\s*|\s+)(?=\p{L})/u

/** Meta: letters. Google: no title, no punctuation. TikTok, Snapchat: trimmed, lower case. */
export function name(text: string, destination: Destination): Normalised {
  const lower = text.trim().toLowerCase()
  if (destination === 'meta') return value(lettersOf(lower))
  if (destination !== 'google') return value(lower)
  const plain = lower.replace(TITLE, '').replace(/[\p{P}\p{S}]/gu, '')
  return value(plain.replace(/\s+/gu, ' ').trim())
}

/** `f` or `m`: platforms know no others. */
export function gender(text: string): Normalised {
  const letters = lettersOf(text)
  if (/^(f|female|woman|w)$/.test(letters)) return { value: 'f' }
  return value(/^(m|male|man)$/.test(letters) ? 'm' : null)
}

/**
 * YYYYMMDD of `1997-02-16`, `19970216`, `2/16/1997` (months first, as Meta's example) or `16.02.1997` (days first).
 */
export function birthDate(text: string): Normalised {
  const trimmed = text.trim()
  const parts =
    /^(?<y>\d{4})-?(?<m>\d\d)-?(?<d>\d\d)$/.exec(trimmed) ??
    /^(?<m>\d{1,2})\/(?<d>\d{1,2})\/(?<y>\d{4})$/.exec(trimmed) ??
    /^(?<d>\d{1,2})\.(?<m>\d{1,2})\.(?<y>\d{4})$/.exec(trimmed)
  if (!parts?.groups) return { why: 'INVALID' }
  const [year, month, day] = ['y', 'm', 'd'].map(k => parts.groups![k]!.padStart(2, '0'))
  const iso = `${year}-${month}-${day}`
  const at = Date.parse(`${iso}T00:00:00Z`)
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso)
  return value(isDay && Number(year) >= 1900 ? `${year}${month}${day}` : null)
}
