import { createHmac } from 'node:crypto'
import type { Delivery } from '../../plugins/contract.ts'
import { authError } from '../../plugins/errors.ts'
import { ageOf, same } from '../../plugins/webhooks/index.ts'
import type { Settings } from './settings.ts'

/** How far a sender's clock may be ahead. Milliseconds. */
const FUTURE_MS = 60_000
/** From here on a number of that many digits is milliseconds, not seconds. */
const MILLISECOND_DIGITS = 12

/**
 * Is it from who knows the secret, and new?
 * @param now UTC microseconds
 * @throws auth
 */
export function verify({ headers, body }: Delivery, settings: Settings, now: number): void {
  const { secret, signature_header, encoding, prefix, timestamp_header, signed, max_age_seconds } = settings
  const given = headers[signature_header.toLowerCase()]
  if (given === undefined) throw authError(`the delivery has no ${signature_header}`)
  const timestamp = timestamp_header === '' ? '' : (headers[timestamp_header.toLowerCase()] ?? '')
  const mac = createHmac('sha256', secret)
  for (const piece of signed.split(/(\{body\}|\{timestamp\})/))
    mac.update(piece === '{body}' ? body : piece === '{timestamp}' ? timestamp : piece)
  const digest = mac.digest(encoding as 'base64' | 'hex')
  const wanted = prefix + digest
  if (
    !same(
      encoding === 'hex' ? given.toLowerCase() : given,
      encoding === 'hex' ? wanted.toLowerCase() : wanted,
    )
  )
    throw authError('the signature is not of this body and secret')
  // Only now: who cannot sign learns nothing of clocks.
  if (timestamp_header === '') return
  const ms = timestamp.length >= MILLISECOND_DIGITS ? timestamp : `${timestamp}000`
  const age = ageOf(ms, now, { pastMs: max_age_seconds * 1000, futureMs: FUTURE_MS })
  if (age !== 'fresh') throw authError(`the time of the delivery is ${age}`)
}
