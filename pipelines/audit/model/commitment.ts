import { hash } from 'node:crypto'
import { canonical } from '../../../engine/canonical.ts'

/** What opens a commitment; without it nobody can tell whose it is. */
export interface Opening {
  /** Hex. */
  readonly salt: string
  readonly value: string
}

/** Personal data beside an entry, by the commitments in its body. Erased: taken out of here, and the chain still holds. */
export type Private = Readonly<Record<string, Opening>>

export interface Committed {
  /** Goes into the body: SHA-256(salt‖value) in hex. */
  readonly commitment: string
  /** Goes beside it. */
  readonly opening: Opening
}

export function commit(value: string, salt: string): Committed {
  return { commitment: commitmentOf({ salt, value }), opening: { salt, value } }
}

export const commitmentOf = ({ salt, value }: Opening): string =>
  hash('sha256', Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(value)]), 'hex')

/**
 * A salt that a fold makes again when it is run again: of the id of the record in hand and the name of what is
 * committed. The id is kept elsewhere too; only with a secret (`SigningKey.derive`) does a commitment stay closed
 * once its salt is erased. 32 bytes in hex.
 */
export const saltOf = (secret: string | null, id: string, name: string): string =>
  hash('sha256', `stratum.audit.salt.v1\n${canonical([secret, id, name])}`, 'hex')

/** The first thing wrong with what lies beside an entry; null: nothing. */
export function wrongIn(body: string, kept: string | null): string | null {
  if (kept === null) return null
  let openings: Private
  try {
    openings = JSON.parse(kept) as Private
  } catch {
    return 'what lies beside it is no JSON'
  }
  if (typeof openings !== 'object' || openings === null) return 'what lies beside it is no JSON of openings'
  for (const [commitment, opening] of Object.entries(openings)) {
    if (typeof opening?.salt !== 'string' || typeof opening.value !== 'string')
      return 'what lies beside it does not open a commitment'
    if (commitmentOf(opening) !== commitment) return 'a value beside it is not the one that was committed'
    if (!body.includes(`"${commitment}"`)) return 'a value beside it belongs to no commitment in it'
  }
  return null
}
