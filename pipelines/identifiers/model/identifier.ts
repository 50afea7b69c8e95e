export const DESTINATIONS = ['meta', 'google', 'tiktok', 'snapchat'] as const
export type Destination = (typeof DESTINATIONS)[number]

export const PERSONAL_FIELDS = [
  'email',
  'phone',
  'first_name',
  'last_name',
  'gender',
  'birth_date',
  'city',
  'state',
  'zip',
  'country',
  'external_id',
] as const
export type PersonalField = (typeof PERSONAL_FIELDS)[number]

/** Whose click each parameter of a URL is. `sclid` is how Snapchat's is sometimes written. */
export const CLICK_IDS: Readonly<Record<string, Destination>> = {
  fbclid: 'meta',
  gclid: 'google',
  gbraid: 'google',
  wbraid: 'google',
  ttclid: 'tiktok',
  ScCid: 'snapchat',
  sclid: 'snapchat',
}

/**
 * Why a value is not, or not hashed, sent: `NOT_TAKEN` the destination has no such field; `EMPTY`; `INVALID` it is none;
 * `COUNTRY_UNKNOWN` a telephone number whose country cannot be told; `NEVER_HASHED` it is sent as it is.
 */
export type Why = 'NOT_TAKEN' | 'EMPTY' | 'INVALID' | 'COUNTRY_UNKNOWN' | 'NEVER_HASHED'

/** A normalised value, or why there is none. */
export type Normalised = { readonly value: string } | { readonly why: Why }

export const value = (text: string | null): Normalised => (text ? { value: text } : { why: 'INVALID' })
