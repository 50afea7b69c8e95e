import { randomUUID } from 'node:crypto'
import type { CommandResult } from '../../../engine/command/command.ts'
import type { Ask } from '../../../engine/command/send.ts'
import { permitText } from '../../../engine/execute/permit.ts'
import type { SigningKey } from '../../../engine/signing.ts'
import type { ActionRecord } from '../../../pipelines/autopilot/kinds.ts'

export const LEASE_US = 60_000_000

export interface Lease {
  readonly holder: string
  readonly until: number
  readonly mode: 'WRITE' | 'SETTLE'
}

export interface FoldOptions {
  readonly signing: SigningKey
  readonly now: () => number
  write(record: ActionRecord): Promise<void>
}

/** Stands in for the fold: leases actions and takes results as pipelines/autopilot does, and remembers what it heard. */
export class ScriptedFold {
  readonly #o: FoldOptions
  readonly actions = new Map<string, ActionRecord>()
  readonly leases = new Map<string, Lease>()
  readonly results: Readonly<Record<string, unknown>>[] = []
  readonly asked: string[] = []
  /** Code a lease is refused with. */
  refuses: string | null = null
  /** Gate of permits. */
  gate = { final: 'PASS', valid: LEASE_US }
  exemption: string | null = null
  /** Changes a permit after it was signed. */
  forge: (answer: Record<string, unknown>) => void = () => {}
  /** Called before a command is answered. */
  onCommand: (ask: Ask) => unknown = () => {}

  constructor(options: FoldOptions) {
    this.#o = options
  }

  async put(record: ActionRecord): Promise<void> {
    this.actions.set(record.action_id, record)
    await this.#o.write(record)
  }

  readonly command = async (ask: Ask, signal: AbortSignal): Promise<CommandResult> => {
    signal.throwIfAborted()
    this.asked.push(ask.command)
    await this.onCommand(ask)
    const body = ask.body as Readonly<Record<string, unknown>>
    const action = this.actions.get(String(body.action_id))!
    const say = (code: string | null, answer: unknown = {}): CommandResult => ({
      ...{ tenant_id: ask.tenant, event_id: randomUUID(), event_time: 0, ingest_time: 0 },
      ...{ command_id: ask.id ?? '', command: ask.command, actor: ask.actor, reason: null },
      ...{ accepted: code === null, code, message: code ?? 'done', body: JSON.stringify(answer) },
    })
    return ask.command === 'action.lease'
      ? this.#lease(action, String(body.holder), say)
      : this.#result(action, body, say)
  }

  async #lease(
    action: ActionRecord,
    holder: string,
    say: (code: string | null, answer?: unknown) => CommandResult,
  ) {
    const now = this.#o.now()
    const lease = this.leases.get(action.action_id)
    if (this.refuses !== null) return say(this.refuses)
    if (action.state !== 'APPROVED') return say('INVALID_STATE')
    if (lease && lease.until > now) return say('CONFLICT')
    const mode = action.settle || lease?.mode === 'WRITE' ? 'SETTLE' : 'WRITE'
    const until = now + LEASE_US
    this.leases.set(action.action_id, { holder, until, mode })
    await this.put({ ...action, revision: action.revision + 1, lease_holder: holder, lease_until: until })
    const gate =
      mode === 'SETTLE'
        ? null
        : { final: this.gate.final, valid_until: now + this.gate.valid, inputs_hash: 'h' }
    const { platform, account_id, level, campaign_id, adset_id, ad_id, entity, type, field, currency } =
      action
    const permit = {
      ...{
        v: 1,
        tenant: action.tenant_id,
        action_id: action.action_id,
        attempt: action.attempt,
        mode,
        holder,
      },
      ...{ platform, account_id, level, campaign_id, adset_id, ad_id, entity, type, field, currency },
      before: field === 'status' ? action.before_status : action.before_micros,
      after: field === 'status' ? action.after_status : action.after_micros,
      ...{ decision_id: action.decision_id, gate, settings_version: 1, exemption: this.exemption },
      ...{ idempotency_key: action.idempotency_key, issued_at: now, lease_until: until, expires_at: until },
    }
    const answer = {
      permit,
      signature: this.#o.signing.sign(permitText(permit)),
      key_id: this.#o.signing.keyId,
    }
    this.forge(answer)
    return say(null, answer)
  }

  async #result(
    action: ActionRecord,
    body: Readonly<Record<string, unknown>>,
    say: (code: string | null, answer?: unknown) => CommandResult,
  ) {
    if (this.leases.get(action.action_id)?.holder !== body.holder) return say('INVALID_STATE')
    this.leases.delete(action.action_id)
    this.results.push(body)
    const state = body.outcome === 'APPLIED' || body.outcome === 'FAILED' ? body.outcome : 'APPROVED'
    await this.put({
      ...action,
      state,
      revision: action.revision + 1,
      settle: body.outcome === 'UNKNOWN',
      lease_holder: null,
      lease_until: null,
    })
    return say(null)
  }
}
