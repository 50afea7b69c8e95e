import { countryCode } from './country.ts'
import { type Destination, type Normalised, value } from './identifier.ts'
import { lettersOf } from './person.ts'
import { usStateCode } from './us-states.ts'

const lowered = (text: string): string => text.trim().toLowerCase()

/** Meta, TikTok: letters and digits alone. Snapchat: lower case. Google: as it is written. */
export function city(text: string, destination: Destination): Normalised {
  if (destination === 'google') return value(text.trim())
  return value(destination === 'snapchat' ? lowered(text) : lettersOf(text))
}

/** Like a city; for Meta, states of the United States are two letters. @param country alpha-2; null: not known */
export function state(text: string, destination: Destination, country: string | null): Normalised {
  if (destination !== 'meta') return city(text, destination)
  const letters = lettersOf(text)
  const isUs = country === null || country === 'US'
  return value((isUs ? usStateCode(letters) : undefined) ?? letters)
}

/** Meta: without spaces and dashes, of the United States five digits. Google: as it is written. */
export function zip(text: string, destination: Destination, country: string | null): Normalised {
  if (destination === 'google') return value(text.trim())
  if (destination !== 'meta') return value(lowered(text))
  const plain = lowered(text).replace(/[\s-]/gu, '')
  const isUs = country === 'US' || (country === null && /^\d{5}-\d{4}$/.test(text.trim()))
  return value(isUs ? (/^\d{5}/.exec(plain)?.[0] ?? null) : plain)
}

/** Two letters: Google's are upper case. */
export function country(text: string, destination: Destination): Normalised {
  const code = countryCode(text)
  return value(destination === 'google' ? code : (code?.toLowerCase() ?? null))
}
