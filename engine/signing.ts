import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { StratumError } from './errors.ts'
import { keptSeed, makeSeed } from './signing-file.ts'

const SEED_BYTES = 32
/** RFC 8410 §7 and §4: what stands before the seed, and before the public key, of Ed25519 in DER. */
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex')

export interface PublicKey {
  /** First 128 bits of SHA-256 over the 32 bytes, in hex: names the key, and nobody makes another of that name. */
  readonly key_id: string
  /** The 32 bytes of RFC 8032, in base64. */
  readonly public_key: string
}

/** The file of `signing-file.ts`. */
const KEPT = 'signing.key of the data directory'

interface Pair extends PublicKey {
  readonly seed: Buffer
  readonly secret: KeyObject
}

export interface SigningSettings {
  /** Seeds of 32 bytes in base64, separated by commas: the first signs, all verify. */
  readonly keys?: string | undefined
  /** Where a key of this directory's own is kept when none is set; null: nowhere, other processes would have others. */
  readonly dataDir: string | null
}

/**
 * What signs for this installation: Ed25519 (RFC 8032), where the same text has the same signature, so that a fold may
 * sign. A key that is kept in the data directory is read, or made, when something is first signed.
 */
export class SigningKey {
  readonly #dataDir: string | null
  #pairs: readonly Pair[]

  private constructor(pairs: readonly Pair[], dataDir: string | null) {
    this.#pairs = pairs
    this.#dataDir = dataDir
  }

  /**
   * null: there is none and none is to be made.
   * @throws StratumError CONFIG_INVALID: a key that is none
   */
  static of({ keys, dataDir }: SigningSettings): SigningKey | null {
    const texts = (keys ?? '').split(',').map(text => text.trim())
    const pairs = texts.filter(text => text !== '').map(text => pairOf(seedOf(text, 'secrets.signingKeys')))
    if (pairs.length > 0) return new SigningKey(pairs, null)
    return dataDir === null ? null : new SigningKey([], dataDir)
  }

  /** Of the key that signs. */
  get keyId(): string {
    return this.#first().key_id
  }

  /** @returns the 64 bytes of the signature in base64url */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#first().secret).toString('base64url')
  }

  /** false, too, where the key is none of these. */
  verify(text: string, signature: string, keyId: string): boolean {
    const key = this.publicKeys().find(({ key_id }) => key_id === keyId)
    return key !== undefined && verifies(text, signature, key.public_key)
  }

  /** The one that signs first. Where the data directory has none yet: none, and none is made. */
  publicKeys(): readonly PublicKey[] {
    return this.#known().map(({ key_id, public_key }) => ({ key_id, public_key }))
  }

  /** Signs with one of the others: how a new key is announced. null: it is none of these. */
  signAs(keyId: string, text: string): string | null {
    const pair = this.#known().find(({ key_id }) => key_id === keyId)
    return pair === undefined ? null : sign(null, Buffer.from(text), pair.secret).toString('base64url')
  }

  /**
   * A secret for one purpose, 32 bytes in hex: HMAC-SHA-256 of its label under the oldest of the keys, so that it
   * stays when a new one is put before them.
   */
  derive(label: string): string {
    this.#first()
    return createHmac('sha256', this.#pairs.at(-1)!.seed).update(`stratum.derive.v1\n${label}`).digest('hex')
  }

  #first(): Pair {
    if (this.#pairs.length === 0) this.#pairs = [pairOf(seedOf(makeSeed(this.#dataDir!), KEPT))]
    return this.#pairs[0]!
  }

  #known(): readonly Pair[] {
    const kept = this.#pairs.length === 0 && this.#dataDir !== null ? keptSeed(this.#dataDir) : null
    if (kept !== null) this.#pairs = [pairOf(seedOf(kept, KEPT))]
    return this.#pairs
  }
}

/** Whether a signature is of this text and key; false for whatever is no signature or no key. */
export function verifies(text: string, signature: string, publicKey: string): boolean {
  const bytes = Buffer.from(publicKey, 'base64')
  const signed = Buffer.from(signature, 'base64url')
  // One text for one signature: what decodes to the same bytes is not the same record.
  if (bytes.length !== 32 || signed.toString('base64url') !== signature) return false
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_DER, bytes]), format: 'der', type: 'spki' })
  return verify(null, Buffer.from(text), key, signed)
}

/** Of a public key as `publicKeys` gives it. */
export const keyIdOf = (publicKey: string): string =>
  hash('sha256', Buffer.from(publicKey, 'base64'), 'hex').slice(0, 32)

function pairOf(seed: Buffer): Pair {
  const secret = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, seed]), format: 'der', type: 'pkcs8' })
  const der = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  const public_key = der.subarray(PUBLIC_DER.length).toString('base64')
  return { key_id: keyIdOf(public_key), public_key, seed, secret }
}

function seedOf(text: string, where: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === SEED_BYTES && bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, ''))
    return bytes
  throw new StratumError(
    'CONFIG_INVALID',
    `${where}: a key is ${SEED_BYTES} bytes in base64, this one has ${bytes.length}: \`openssl rand -base64 32\` makes one`,
  )
}
