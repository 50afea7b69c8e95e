import { hash } from 'node:crypto'
import { canonical } from '../../../engine/canonical.ts'

/** An entry of a tenant's audit log: what its hash is made of (autopilot.md §7). */
export interface Entry {
  readonly v: number
  readonly tenant: string
  /** From 0, without a gap. */
  readonly seq: number
  /** ISO 8601 in UTC with six digits. */
  readonly at: string
  readonly kind: string
  /** Canonical JSON (RFC 8785). */
  readonly body: string
  /** Hash of the entry before it; of the first: `genesis`. */
  readonly prev: string
}

/** Where a chain has come to. */
export interface Head {
  /** Of the last entry; -1: there is none. */
  readonly seq: number
  /** Of the last entry, in hex; '': there is none. */
  readonly hash: string
}

export const noEntries = (): Head => ({ seq: -1, hash: '' })

export const VERSION = 1

const GENESIS = 'stratum.audit.genesis.v1\n'
const ENTRY = 'stratum.audit.entry.v1\n'

/** What the first entry of a tenant builds on: no chain passes for another tenant's. */
export const genesis = (tenant: string): string => hash('sha256', GENESIS + tenant, 'hex')

/** SHA-256 over the canonical JSON of an entry. Its names are in order as they stand here, and its body is canonical. */
export const entryHash = ({ at, body, kind, prev, seq, tenant, v }: Entry): string =>
  hash(
    'sha256',
    `${ENTRY}{"at":${canonical(at)},"body":${body},"kind":${canonical(kind)},"prev":${canonical(prev)},"seq":${canonical(seq)},"tenant":${canonical(tenant)},"v":${canonical(v)}}`,
    'hex',
  )

/**
 * The next entry of a chain, and where it has come to with it.
 * @throws RangeError: a body that JSON cannot hold
 */
export function append(
  head: Head,
  { tenant, at, kind, body }: Pick<Entry, 'tenant' | 'at' | 'kind'> & { readonly body: unknown },
): { readonly entry: Entry; readonly head: Head } {
  const entry: Entry = {
    v: VERSION,
    tenant,
    seq: head.seq + 1,
    at,
    kind,
    body: canonical(body),
    prev: head.seq < 0 ? genesis(tenant) : head.hash,
  }
  return { entry, head: { seq: entry.seq, hash: entryHash(entry) } }
}
