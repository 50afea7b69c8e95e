import { createHash } from 'node:crypto'
import { countryCode } from './country.ts'
import { email } from './email.ts'
import {
  CLICK_IDS,
  type Destination,
  type Normalised,
  type PersonalField,
  value,
  type Why,
} from './identifier.ts'
import { birthDate, gender, name } from './person.ts'
import { phone } from './phone.ts'
import { city, country, state, zip } from './place.ts'

/** How a destination wants a field. */
export interface Prepared {
  readonly normalised: string | null
  /** Lower-case hexadecimal SHA-256 of it; null: it is not hashed, or not sent. */
  readonly sha256: string | null
  readonly reason?: Why
}

type Rule = (text: string, destination: Destination, country: string | null) => Normalised

/** Ids of a shop's own: Meta's library leaves out white space and lowers them, TikTok hashes them as they are. */
const externalId: Rule = (text, destination) =>
  value(
    destination === 'tiktok'
      ? text.trim()
      : destination === 'meta'
        ? text.toLowerCase().replace(/\s+/gu, '')
        : text.trim().toLowerCase(),
  )

const RULES: Readonly<Record<PersonalField, Rule>> = {
  email,
  phone,
  first_name: name,
  last_name: name,
  gender,
  birth_date: birthDate,
  city,
  state,
  zip,
  country,
  external_id: externalId,
}

/** What is not taken, and what is taken as it is; everything else is hashed. */
const NOT_TAKEN: Readonly<Record<Destination, readonly string[]>> = {
  meta: [],
  google: ['gender', 'birth_date', 'external_id'],
  tiktok: ['gender', 'birth_date'],
  snapchat: [],
}
const PLAIN: Readonly<Record<Destination, readonly string[]>> = {
  meta: [],
  google: ['city', 'state', 'zip', 'country'],
  tiktok: ['city', 'state', 'country'],
  snapchat: [],
}

const HASH = /^[\da-f]{64}$/i
/** Of nothing: somebody hashed an empty value. */
const HASH_OF_NOTHING = createHash('sha256').digest('hex')

/**
 * A field as a destination wants it (platforms.md §9): normalised by its rules, then hashed, where it hashes. The same
 * telephone number has two hashes: Meta and Snapchat leave out the plus. What is a SHA-256 already passes through.
 * @param field a personal field, or a parameter of a URL that carries a click
 * @param ofCountry code or English name; null: not known
 */
export function normalise(
  destination: Destination,
  field: PersonalField | string,
  text: string,
  ofCountry: string | null = null,
): Prepared {
  if (field in CLICK_IDS) return clickId(destination, field, text)
  const none = (reason: Why): Prepared => ({ normalised: null, sha256: null, reason })
  if (NOT_TAKEN[destination].includes(field)) return none('NOT_TAKEN')
  if (text.trim() === '') return none('EMPTY')
  const isPlain = PLAIN[destination].includes(field)
  const hash = text.trim().toLowerCase()
  if (HASH.test(hash))
    return isPlain || hash === HASH_OF_NOTHING ? none('INVALID') : { normalised: hash, sha256: hash }
  const rule = RULES[field as PersonalField]
  const made = rule(text, destination, ofCountry === null ? null : countryCode(ofCountry))
  if ('why' in made) return none(made.why)
  if (isPlain) return { normalised: made.value, sha256: null, reason: 'NEVER_HASHED' }
  return { normalised: made.value, sha256: createHash('sha256').update(made.value).digest('hex') }
}

/** Byte for byte, never hashed, and only to whom it is of. */
function clickId(destination: Destination, field: string, text: string): Prepared {
  if (CLICK_IDS[field] !== destination) return { normalised: null, sha256: null, reason: 'NOT_TAKEN' }
  if (text.trim() === '') return { normalised: null, sha256: null, reason: 'EMPTY' }
  return { normalised: text, sha256: null, reason: 'NEVER_HASHED' }
}
