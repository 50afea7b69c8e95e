import { hash } from 'node:crypto'
import { canonical } from '../../../engine/canonical.ts'
import { StratumError } from '../../../engine/errors.ts'
import { VERSION } from './chain.ts'

/** What is signed: where a tenant's chain had come to (autopilot.md §7). */
export interface Statement {
  readonly v: number
  readonly tenant: string
  readonly seq: number
  readonly head: string
  /** ISO 8601 in UTC with six digits: as text it sorts as the times do. */
  readonly at: string
  readonly key_id: string
  /** `checkpointHash` of the one before; null: the first. */
  readonly prev_checkpoint: string | null
}

export interface Checkpoint extends Statement {
  readonly signature: string
  readonly public_key: string
  /** At the first under a new key: the key before, and its signature that the new one is ours. */
  readonly announced_by: string | null
  readonly announcement: string | null
}

/** Who signs: `SigningKey`. */
export interface Signer {
  readonly keyId: string
  sign(text: string): string
  /** null: it has no such key. */
  signAs(keyId: string, text: string): string | null
  publicKeys(): readonly { readonly key_id: string; readonly public_key: string }[]
}

export const checkpointText = ({ v, tenant, seq, head, at, key_id, prev_checkpoint }: Statement): string =>
  `stratum.audit.checkpoint.v1\n${canonical({ v, tenant, seq, head, at, key_id, prev_checkpoint })}`

export const checkpointHash = (statement: Statement): string =>
  hash('sha256', checkpointText(statement), 'hex')

/** What the key before signs of the one that takes its place. */
export const announcementText = ({ v, tenant, key_id, public_key, prev_checkpoint }: Checkpoint): string =>
  `stratum.audit.key.v1\n${canonical({ v, tenant, key_id, public_key, prev_checkpoint })}`

/**
 * The next checkpoint of a tenant. A key that is not the last one's is announced by that one, where it is still there.
 * @throws StratumError RECORD_INVALID: its seq or its time goes back, or an entry is another than was signed
 */
export function nextCheckpoint(
  last: Checkpoint | null,
  now: Pick<Statement, 'tenant' | 'seq' | 'head' | 'at'>,
  signer: Signer,
): Checkpoint {
  if (last !== null) refuseBackwards(last, now)
  const { keyId: key_id } = signer
  const { public_key } = signer.publicKeys().find(key => key.key_id === key_id)!
  const prev_checkpoint = last === null ? null : checkpointHash(last)
  const statement: Statement = { v: VERSION, ...now, key_id, prev_checkpoint }
  const signature = signer.sign(checkpointText(statement))
  const bare: Checkpoint = { ...statement, signature, public_key, announced_by: null, announcement: null }
  if (last === null || last.key_id === key_id) return bare
  const announcement = signer.signAs(last.key_id, announcementText(bare))
  return announcement === null ? bare : { ...bare, announced_by: last.key_id, announcement }
}

function refuseBackwards(
  last: Checkpoint,
  { tenant, seq, head, at }: Pick<Statement, 'tenant' | 'seq' | 'head' | 'at'>,
): void {
  const why =
    tenant !== last.tenant
      ? `the last one is of ${last.tenant}`
      : seq < last.seq
        ? `the log ends with entry ${seq}, and entry ${last.seq} was signed before: it was cut off, or an old copy put back`
        : at < last.at
          ? `it is ${at}, and the last one was signed at ${last.at}: the clock goes back`
          : seq === last.seq && head !== last.head
            ? `entry ${seq} is not the one that was signed: it was rewritten`
            : null
  if (why !== null)
    throw new StratumError('RECORD_INVALID', `no checkpoint of ${tenant}'s audit log is signed: ${why}`)
}

/** How signatures are checked: `engine/signing.ts`. */
export interface Checking {
  verifies(text: string, signature: string, publicKey: string): boolean
  keyIdOf(publicKey: string): string
}

/**
 * Checks checkpoints of a tenant in their order: each signed by a key that is known, or that one of those announced.
 * Without a known key the first one's own is taken: whoever keeps it elsewhere has it from there.
 */
export class Keyring {
  readonly #known: Map<string, string>
  readonly #checking: Checking
  #last: Checkpoint | null = null

  constructor(known: Signer | null, checking: Checking) {
    this.#known = new Map((known?.publicKeys() ?? []).map(({ key_id, public_key }) => [key_id, public_key]))
    this.#checking = checking
  }

  /** What is wrong with the next one; null: it may be believed. */
  wrong(checkpoint: Checkpoint): string | null {
    const { verifies, keyIdOf } = this.#checking
    const { key_id, public_key, announced_by, announcement, signature, prev_checkpoint, seq, at } = checkpoint
    const place = `the checkpoint of entry ${seq} at ${at}`
    if (keyIdOf(public_key) !== key_id) return `${place} names another key than it carries`
    if (!this.#known.has(key_id)) {
      const by = announced_by === null ? undefined : this.#known.get(announced_by)
      const announced =
        by !== undefined && announcement !== null && verifies(announcementText(checkpoint), announcement, by)
      if (this.#known.size > 0 && !announced)
        return `${place} is signed by a key that none of ours announced: another has signed it, or the key (signing.key, secrets.signingKeys) was lost`
    }
    if (!verifies(checkpointText(checkpoint), signature, public_key))
      return `the signature of ${place} is not of its words`
    this.#known.set(key_id, public_key)
    const last = this.#last
    this.#last = checkpoint
    if (last === null) return null
    if (seq < last.seq || at < last.at) return `${place} goes back behind the one before it`
    return prev_checkpoint === checkpointHash(last) ? null : `${place} does not follow the one before it`
  }
}
