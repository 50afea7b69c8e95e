import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Destination, Normalised } from './identifier.ts'

/**
 * E.164, `+16505551212`; Meta and Snapchat want it without the plus. A number without a country code is of `country`; an
 * extension and a trunk zero, also `+49 (0)30 …`, are no part of it. Meta reads digits without either as if they had a
 * country code, as its own library does: `01(650)123-4567`.
 * @param country ISO 3166-1 alpha-2; null: not known
 */
export function phone(text: string, destination: Destination, country: string | null): Normalised {
  const international = text
    .trim()
    .replace(/^\(?\s*\+/, '+')
    .replace(/^(\+\s*)?0{2,}/, '+')
  const home = country !== null && isSupportedCountry(country) ? (country as CountryCode) : undefined
  const found =
    parsePhoneNumberFromString(international, home) ??
    (destination === 'meta' && home === undefined
      ? parsePhoneNumberFromString(`+${international.replace(/\D/g, '').replace(/^0+/, '')}`)
      : undefined)
  if (found === undefined) {
    const isNational = /^[\d\s().\-/]{5,}$/.test(international) && home === undefined
    return { why: isNational ? 'COUNTRY_UNKNOWN' : 'INVALID' }
  }
  if (!found.isPossible()) return { why: 'INVALID' }
  const hasPlus = destination === 'google' || destination === 'tiktok'
  return { value: hasPlus ? found.number : found.number.slice(1) }
}
