import { StratumError } from '../../../engine/errors.ts'
import { countryCode } from './country.ts'
import { CLICK_IDS, DESTINATIONS, PERSONAL_FIELDS } from './identifier.ts'
import { normalise, type Prepared } from './normalise.ts'

const NAMES: readonly string[] = ['destination', 'field', 'value', 'country']
const FIELDS: readonly string[] = [...PERSONAL_FIELDS, ...Object.keys(CLICK_IDS)]

/**
 * One line of `stratum model identifiers`: `{"destination":"meta","field":"phone","value":"(650) 555-1212","country":"US"}`.
 * @param where for the error: `stdin, line 3`
 * @throws StratumError RECORD_INVALID: says what is wrong with it; never says the value, which is a person's
 */
export function answerLine(text: string, where: string): Prepared {
  const refuse = (why: string) => new StratumError('RECORD_INVALID', `${where}: ${why}`)
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    throw refuse(
      'is not JSON; each line is one object, as {"destination":"meta","field":"email","value":"a@b.com"}',
    )
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) throw refuse('must be an object')
  const { destination, field, value, country = null } = line as Readonly<Record<string, unknown>>
  const odd = Object.keys(line).find(name => !NAMES.includes(name))
  if (odd !== undefined) throw refuse(`there is no field "${odd}"; there are: ${NAMES.join(', ')}`)
  const to = DESTINATIONS.find(known => known === destination)
  if (to === undefined) throw refuse(`destination must be one of ${DESTINATIONS.join(', ')}`)
  if (typeof field !== 'string' || !FIELDS.includes(field))
    throw refuse(`field must be one of ${FIELDS.join(', ')}`)
  if (value === null || value === undefined) return normalise(to, field, '')
  if (typeof value !== 'string') throw refuse('value must be a text: write numbers in quotes')
  if (country !== null && (typeof country !== 'string' || countryCode(country) === null))
    throw refuse('country must be a code of two letters or an English name, as "US"')
  return normalise(to, field, value, country)
}
