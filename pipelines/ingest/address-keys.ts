import { addressPseudonym } from '../../engine/source/raw.ts'

type Params = Readonly<Record<string, string>>

/** Parameters that hold the SHA-256 of an address, as Google's and Meta's tags name them. */
const EMAIL = ['sha256_email_address', 'user_data.sha256_email_address', 'em'] as const
const PHONE = ['sha256_phone_number', 'user_data.sha256_phone_number'] as const
const SHA256 = /^[0-9a-f]{64}$/i

/** The tenant's own pseudonyms of the hashed addresses that an event brings; null: it brings none. */
export const addressKeys = (tenant: string, params: Params) => ({
  email_key: keyOf(tenant, 'email', params, EMAIL),
  phone_key: keyOf(tenant, 'phone', params, PHONE),
})

function keyOf(
  tenant: string,
  kind: 'email' | 'phone',
  params: Params,
  names: readonly string[],
): string | null {
  for (const name of names) {
    const value = params[name]
    if (value !== undefined && SHA256.test(value)) return addressPseudonym(tenant, kind, value.toLowerCase())
  }
  return null
}
