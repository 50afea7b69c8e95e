import { canonical } from '../canonical.ts'
import { StratumError } from '../errors.ts'
import type { Change, Field } from './action.ts'

/** Verifies signatures: the public half of what the fold signs with. */
export interface Verifier {
  /** @param signature base64url */
  verify(text: string, signature: string, keyId: string): boolean
}

/** One attempt at one action, allowed by the fold to one holder. Times are UTC microseconds. */
export interface Permit extends Omit<Change, 'id'> {
  readonly v: 1
  readonly tenant: string
  readonly action_id: string
  readonly attempt: number
  /** SETTLE: only to be read. */
  readonly mode: 'WRITE' | 'SETTLE'
  readonly holder: string
  readonly platform: string
  readonly account_id: string
  readonly campaign_id: string | null
  readonly adset_id: string | null
  readonly ad_id: string | null
  /** The decision of the gate this rests on; to settle takes none. */
  readonly gate: { readonly final: string; readonly valid_until: number } | null
  /** What it is exempt from; null: from nothing. */
  readonly exemption: string | null
  readonly issued_at: number
  readonly lease_until: number
  readonly expires_at: number
}

/** As the fold answers a lease with it. */
export interface SignedPermit {
  readonly permit: unknown
  /** Ed25519 (RFC 8032) over `permitText`, base64url. */
  readonly signature: string
  readonly key_id: string
}

/**
 * A rollback that an ADMIN has asked for while the tenant's kill switch was engaged (product.md §4.5). The switch of the
 * installation stops it all the same.
 */
export const UNDER_KILL_SWITCH = 'ROLLBACK_UNDER_KILL_SWITCH'

/** What is signed. @throws RangeError: nothing that JSON holds */
export const permitText = (permit: unknown): string => `stratum.permit.v1\n${canonical(permit)}`

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isTextOrNull = (value: unknown): boolean => value === null || isText(value)
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value)
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value)

const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  v: oneOf(1),
  tenant: isText,
  action_id: isText,
  attempt: isWhole,
  mode: oneOf('WRITE', 'SETTLE'),
  holder: isText,
  platform: isText,
  account_id: isText,
  level: oneOf('campaign', 'adset', 'ad'),
  campaign_id: isTextOrNull,
  adset_id: isTextOrNull,
  ad_id: isTextOrNull,
  field: oneOf('status', 'budget', 'bid'),
  currency: isTextOrNull,
  exemption: isTextOrNull,
  issued_at: isWhole,
  lease_until: isWhole,
  expires_at: isWhole,
}

const LEVEL_IDS = { campaign: 'campaign_id', adset: 'adset_id', ad: 'ad_id' } as const

/** @throws RECORD_INVALID: it is none, and where */
export function readPermit(value: unknown): Permit {
  if (typeof value !== 'object' || value === null) throw invalid('it is no object')
  const said = value as Readonly<Record<string, unknown>>
  for (const [name, is] of Object.entries(FIELDS))
    if (!is(said[name])) throw invalid(`${name} is ${JSON.stringify(said[name]) ?? 'missing'}`)
  const permit = value as Permit
  const isAmount = permit.field !== 'status'
  const isValue = isAmount ? isWhole : isText
  if (!isValue(permit.after)) throw invalid(`after is ${JSON.stringify(permit.after) ?? 'missing'}`)
  if (permit.before !== null && !isValue(permit.before))
    throw invalid(`before is ${JSON.stringify(permit.before) ?? 'missing'}`)
  if (isAmount && permit.currency === null) throw invalid('an amount has a currency')
  if (permit[LEVEL_IDS[permit.level as keyof typeof LEVEL_IDS]] === null)
    throw invalid(`${permit.level}_id is missing`)
  if (permit.mode === 'WRITE' && !isGate(permit.gate)) throw invalid('there is no decision of a gate in it')
  return permit
}

function isGate(gate: unknown): boolean {
  const { final, valid_until } = (gate ?? {}) as { final?: unknown; valid_until?: unknown }
  return isText(final) && isWhole(valid_until)
}

/** What is to be changed. */
export function changeOf(permit: Permit): Change {
  const { field, level, before, after, currency } = permit
  const id = permit[LEVEL_IDS[level as keyof typeof LEVEL_IDS]]!
  return { field: field as Field, level, id, before, after, currency }
}

const invalid = (why: string) => new StratumError('RECORD_INVALID', `a permit cannot be used: ${why}`)
