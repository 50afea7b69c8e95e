import { validate } from '../config/index.ts'
import { StratumError } from '../errors.ts'
import type { ActionOutcome } from '../source/acting.ts'
import type { SourceContext } from '../source/context.ts'
import type { Source } from '../source/port.ts'
import { askedOf } from './action.ts'
import { changeOf, type Permit, permitText, readPermit, type SignedPermit, type Verifier } from './permit.ts'

/** Why a permit lets nothing be done. */
export class PermitRefused extends Error {
  readonly code: 'PERMIT_INVALID' | 'PERMIT_EXPIRED'
  constructor(code: PermitRefused['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'PermitRefused'
    this.code = code
  }
}

export interface Judging {
  readonly verifier: Verifier
  /** Who wants to use it. */
  readonly holder: string
  /** For which action it was asked. */
  readonly actionId: string
  /** UTC microseconds. */
  readonly now: number
}

/** Known to this module alone: nobody else makes a call, in whatever language. */
const KEY = Symbol('executor call')

/**
 * A change that the fold has allowed: the one way by which anything of this program is written to a platform. It is made
 * of a signed permit and of nothing else (design §1.3); a test holds that nothing else calls a source to act.
 */
export class ExecutorCall {
  readonly permit: Permit

  private constructor(key: symbol, permit: Permit) {
    if (key !== KEY) throw new TypeError('a call is made of a signed permit: ExecutorCall.from')
    this.permit = permit
  }

  /** @throws PermitRefused: not signed, of another action or holder, over, or shut by the gate it names */
  static from(
    { permit: said, signature, key_id }: SignedPermit,
    { verifier, holder, actionId, now }: Judging,
  ): ExecutorCall {
    const permit = readSigned(said, signature, key_id, verifier)
    if (permit.holder !== holder)
      throw new PermitRefused('PERMIT_INVALID', `the permit is ${permit.holder}'s, not ${holder}'s`)
    if (permit.action_id !== actionId)
      throw new PermitRefused('PERMIT_INVALID', `the permit is for ${permit.action_id}, not for ${actionId}`)
    if (permit.mode === 'WRITE' && permit.gate!.final === 'BLOCK' && permit.exemption === null)
      throw new PermitRefused('PERMIT_INVALID', 'the gate it names is shut')
    if (now >= usableUntil(permit)) throw new PermitRefused('PERMIT_EXPIRED', 'the permit is over')
    return new ExecutorCall(KEY, permit)
  }

  /**
   * Makes the change, or reads only where the permit is to settle one.
   * @param mayWrite asked at the last moment: see `Acting`
   * @throws the connector's error; DriftError; CONFIG_INVALID: the connector cannot do it
   */
  async carryOut(
    source: Source,
    context: SourceContext,
    mayWrite: () => Promise<void>,
  ): Promise<ActionOutcome> {
    const { action, params, expected } = askedOf(changeOf(this.permit))
    const spec = source.actions.find(({ name }) => name === action)
    if (!spec) throw new StratumError('CONFIG_INVALID', `${source.id} has no action ${action}`)
    if (!spec.isGuarded)
      throw new StratumError(
        'CONFIG_INVALID',
        `${source.id} was made with an older contract, which writes without looking first: build it again`,
      )
    const asked = validate(spec.params, params, `${action} of ${source.id}`)
    const acting = this.permit.mode === 'SETTLE' ? { readOnly: true } : { expected, mayWrite }
    return source.act(action, asked, context, acting)
  }
}

/** Until when it may be used: to write no longer than the gate's decision holds. UTC microseconds. */
export const usableUntil = ({ mode, gate, lease_until, expires_at }: Permit): number =>
  Math.min(lease_until, expires_at, mode === 'WRITE' ? gate!.valid_until : Number.POSITIVE_INFINITY)

function readSigned(said: unknown, signature: string, keyId: string, verifier: Verifier): Permit {
  let isSigned: boolean
  try {
    isSigned = verifier.verify(permitText(said), signature, keyId)
  } catch (cause) {
    throw new PermitRefused('PERMIT_INVALID', 'its signature cannot be checked', { cause })
  }
  if (!isSigned)
    throw new PermitRefused('PERMIT_INVALID', `it is not signed with the key ${keyId} that it names`)
  try {
    return readPermit(said)
  } catch (cause) {
    throw new PermitRefused('PERMIT_INVALID', (cause as Error).message, { cause })
  }
}
