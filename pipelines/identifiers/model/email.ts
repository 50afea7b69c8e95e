import { type Destination, type Normalised, value } from './identifier.ts'

const ADDRESS = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/
const GMAIL = /^(gmail|googlemail)\.com$/

/**
 * Trimmed, lower case. Google alone: no white space at all, and of gmail.com and googlemail.com no dots and no `+suffix`
 * before the @ (Data Manager formatting guide; its Python examples do it for any domain, which the guide does not).
 */
export function email(text: string, destination: Destination): Normalised {
  const lower = text.trim().toLowerCase()
  if (destination !== 'google') return value(ADDRESS.test(lower) ? lower : null)
  const plain = lower.replace(/\s+/gu, '')
  if (!ADDRESS.test(plain)) return { why: 'INVALID' }
  const [local = '', domain = ''] = plain.split('@')
  if (!GMAIL.test(domain)) return value(plain)
  const name = local.replace(/\+.*$/, '').replaceAll('.', '')
  return value(name && `${name}@${domain}`)
}
