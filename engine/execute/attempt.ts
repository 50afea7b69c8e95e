import type { Source } from '../source/port.ts'
import { ExecutorCall, usableUntil } from './call.ts'
import { type Clocks, Deadline } from './deadline.ts'
import type { KillSwitchWatch } from './kill-switch.ts'
import { type Outcome, outcomeOf, outcomeOfError, unusable, Withheld } from './outcome.ts'
import { type Permit, type SignedPermit, UNDER_KILL_SWITCH, type Verifier } from './permit.ts'
import type { Place } from './places.ts'

/** A request ends this much before the lease does, so that nobody else is at it when it arrives. */
const MARGIN_US = 5_000_000
/** Of a short lease: this part of it. */
const MARGIN_PART = 0.1

export interface AttemptOptions {
  readonly holder: string
  readonly verifier: Verifier
  readonly killSwitch: Pick<KillSwitchWatch, 'look'>
  readonly clocks: Clocks
  /** Nothing is begun any more. */
  readonly stopping: AbortSignal
  /** What goes on is cut off. */
  readonly cut: AbortSignal
}

/** What became of a permit, and when. Times are UTC microseconds. */
export interface Attempted extends Outcome {
  readonly permit: Permit | null
  /** When it was let through to be written; null: it was not. */
  readonly written_at: number | null
  readonly read_back_at: number | null
}

/** Uses a permit once; never throws. */
export async function attempt(
  signed: SignedPermit,
  actionId: string,
  { source, context }: Pick<Place, 'context'> & { readonly source: Source },
  { holder, verifier, killSwitch, clocks, stopping, cut }: AttemptOptions,
): Promise<Attempted> {
  let call: ExecutorCall
  try {
    call = ExecutorCall.from(signed, { verifier, holder, actionId, now: clocks.wall() })
  } catch (error) {
    return { ...unusable(error), permit: null, written_at: null, read_back_at: null }
  }
  const { permit } = call
  const lease = permit.lease_until - marginOf(permit)
  const toWrite = new Deadline(clocks, Math.min(lease, usableUntil(permit)))
  const signal = AbortSignal.any([cut, AbortSignal.timeout(Math.ceil(new Deadline(clocks, lease).leftMs))])
  let written_at: number | null = null
  const mayWrite = async (): Promise<void> => {
    if (stopping.aborted && written_at === null) throw new Withheld('STOPPING', 'this process stops')
    const engaged = await killSwitch.look(permit.tenant, permit.exemption === UNDER_KILL_SWITCH)
    if (engaged !== null) throw new Withheld('KILL_SWITCH_ENGAGED', engaged)
    // After all waiting, with nothing between it and the request.
    if (toWrite.isOver) throw new Withheld('PERMIT_EXPIRED', 'the permit was over before it could be used')
    written_at ??= clocks.wall()
  }
  try {
    const done = await call.carryOut(source, context(signal), mayWrite)
    return { ...outcomeOf(permit, done), permit, written_at, read_back_at: clocks.wall() }
  } catch (error) {
    const ended = { permit, error, begun: written_at !== null, cut: signal.aborted }
    const said = outcomeOfError(ended)
    return { ...said, permit, written_at, read_back_at: said.found === null ? null : clocks.wall() }
  }
}

const marginOf = ({ issued_at, lease_until }: Permit): number =>
  Math.min(MARGIN_US, Math.floor((lease_until - issued_at) * MARGIN_PART))
