import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'
import { StratumError } from '../errors.ts'

const KEY_BYTES = 32
/** NIST SP 800-38D: what GCM is made for. */
const IV_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1'

interface Key {
  /** First digits of the key's own hash: says which one sealed, and nothing about it. */
  readonly id: string
  readonly bytes: Buffer
}

/**
 * Seals what must not be read in a database or its backups: AES-256-GCM under a key of the environment. Where a value
 * belongs is sealed with it, so that it opens in no other place. The first key seals; all of them open, so that a new
 * one can be put before the old while values are sealed anew.
 */
export class Vault {
  readonly #keys: readonly Key[]
  /** Of this process alone, by place. */
  readonly #forNow = new Map<string, Key>()

  private constructor(keys: readonly Key[]) {
    this.#keys = keys
  }

  /**
   * @param keys 32 bytes each in base64, separated by commas; undefined: nothing can be sealed or opened
   * @throws StratumError CONFIG_INVALID
   */
  static of(keys: string | undefined): Vault {
    const texts = (keys ?? '').split(',').map(text => text.trim())
    return new Vault(texts.filter(text => text !== '').map(keyOf))
  }

  /**
   * From now on what belongs to these places is sealed, where no key is set, with one that ends with this process. For
   * what is worth nothing afterwards: whoever keeps more there finds that it does not open again.
   */
  sealForNow(places: readonly string[]): void {
    const key = keyOf(randomBytes(KEY_BYTES).toString('base64'))
    for (const place of places) if (!this.#forNow.has(place)) this.#forNow.set(place, key)
  }

  /** @param place where it belongs: `tenant/connection/tokens` */
  seal(text: string, place: string): string {
    const [key] = this.#keysOf(place)
    if (!key) throw missing('sealed')
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return [VERSION, key.id, iv.toString('base64url'), sealed.toString('base64url')].join('.')
  }

  /** @throws StratumError CONFIG_INVALID: its key is not there; STORE_REFUSED: it was changed, or moved */
  open(sealed: string, place: string): string {
    const [version, id, iv, rest] = sealed.split('.')
    if (version !== VERSION || !id || !iv || !rest)
      throw new StratumError('STORE_REFUSED', `${place} is not sealed as this release does it`)
    const keys = this.#keysOf(place)
    if (keys.length === 0) throw missing('opened')
    const key = keys.find(k => k.id === id)
    if (!key)
      throw new StratumError(
        'CONFIG_INVALID',
        `${place} was sealed with the key ${id}, which is not among secrets.keys (${keys.map(k => k.id).join(', ')}): add it behind the others`,
      )
    const bytes = Buffer.from(rest, 'base64url')
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(place))
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
      const text = decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES))
      return Buffer.concat([text, decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new StratumError(
        'STORE_REFUSED',
        `${place} does not open: it was changed, or is of another place`,
        {
          cause,
        },
      )
    }
  }

  #keysOf(place: string): readonly Key[] {
    const forNow = this.#forNow.get(place)
    return forNow === undefined ? this.#keys : [...this.#keys, forNow]
  }

  /** Whether another key than the first sealed it. */
  isOld(sealed: string): boolean {
    return sealed.split('.')[1] !== this.#keys[0]?.id
  }
}

function keyOf(text: string): Key {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== KEY_BYTES || bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, ''))
    throw new StratumError(
      'CONFIG_INVALID',
      `secrets.keys: a key is 32 bytes in base64, this one has ${bytes.length}: \`openssl rand -base64 32\` makes one`,
    )
  return { id: hash('sha256', bytes, 'hex').slice(0, 8), bytes }
}

const missing = (what: string) =>
  new StratumError(
    'CONFIG_INVALID',
    `credentials can not be ${what} without a key: set STRATUM_SECRETS__KEYS to what \`openssl rand -base64 32\` prints, and keep it`,
  )
