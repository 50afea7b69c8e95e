import { createHmac } from 'node:crypto'
import type { Part } from '../part.ts'

/** Hex HMAC-SHA256 of the access token under the app's secret (platforms.md §1.1). */
export const appSecretProofOf = (secret: string, token: string): string =>
  createHmac('sha256', secret).update(token).digest('hex')

/** Shows that whoever sends the token knows the app's secret: Meta's `appsecret_proof`. */
export function appSecretProof(secret: string, token: string): Part {
  const proof = appSecretProofOf(secret, token)
  return {
    prepare({ url }) {
      url.searchParams.set('appsecret_proof', proof)
    },
    secrets: () => [secret, proof],
  }
}
