import { Packr } from 'msgpackr'
import type { Kind } from '../../../engine/codec/kind.ts'
import type { StageContext } from '../../../engine/stage/stage.ts'
import type { ActionRecord, DecisionRecord } from '../../../pipelines/autopilot/kinds.ts'
import { isAllowed } from '../../../pipelines/autopilot/model/lifecycle.ts'
import { autopilot } from '../../../pipelines/autopilot/stage.ts'
import type { Match } from '../../../pipelines/rules/model/match.ts'
import type { Subject, SubjectView } from '../../../pipelines/rules/model/subject.ts'
import type { Components } from '../../../pipelines/trust/model/composite.ts'
import { decide } from '../../../pipelines/trust/model/gate/decision.ts'
import { policyFor } from '../../../pipelines/trust/settings/policies.ts'
import { START } from './account.ts'
import type { Held } from './executor.ts'

const packr = new Packr({ useRecords: false, moreTypes: false, int64AsType: 'number' })

/** Signatures that cost nothing: what they prove has tests of its own. */
const signing = { sign: (text: string) => String(text.length), keyId: 'k', derive: () => 'key' }

type Handlers = Readonly<Record<string, (state: unknown, record: unknown, ctx: unknown) => void>>

/** What was written to a platform: the witness. */
export interface Write {
  readonly action: string
  /** One that failed because others had taken its write back may be tried again, and written again. */
  readonly attempt: number
  readonly entity: string
  readonly value: number | string
  readonly at: number
}

/**
 * The autopilot's stage alone, its state packed and unpacked wherever a process may end, with platforms and executors
 * around it. Everything that must never happen is counted where it would.
 */
export class World {
  now = START
  readonly wrong: string[] = []
  readonly writes: Write[] = []
  readonly actions = new Map<string, ActionRecord>()
  readonly decisions = new Set<string>()
  /** Budget of each campaign on the platform, micros. */
  readonly budgets = new Map<string, number>()
  /** Campaigns whose budget others have changed, or that several actions have. */
  readonly touched = new Set<string>()
  readonly answers = new Map<
    string,
    { accepted: boolean; code: string | null; body: Record<string, unknown> }
  >()
  /** Leases that nobody has used yet: their executors are slow. */
  readonly held: Held[] = []
  isEngaged = false
  #state: Record<string, unknown>
  readonly #stage = autopilot(signing as never)
  #n = 0

  constructor(campaigns: number, settings: object = {}) {
    this.#state = this.#stage.state!.empty() as Record<string, unknown>
    for (let i = 0; i < campaigns; i++) this.budgets.set(`c${i}`, 100_000_000)
    this.#give('settings_changed', {
      subject: 'autopilot',
      version: 1,
      text: JSON.stringify(settings),
      actor: 'a',
      role: 'ADMIN',
      reason: null,
    })
    this.see(account())
    for (const [campaign] of this.budgets) this.see(this.view(campaign))
    this.gate({})
  }

  /** The process ends and another goes on from what was committed. */
  crash(): void {
    this.#state = packr.unpack(packr.pack(this.#state)) as Record<string, unknown>
  }

  get packed(): string {
    return packr.pack(this.#state).toString('base64')
  }

  pass(us: number): void {
    this.now += us
    this.#stage.tick!(
      this.#state,
      this.#record({ watermark: this.now, final: false }) as never,
      this.#ctx() as never,
    )
  }

  view(campaign_id: string): SubjectView {
    return {
      ...account(),
      subject: subjectOf(campaign_id),
      budget_micros: this.budgets.get(campaign_id)!,
      budget_at_midnight_micros: 100_000_000,
      now: this.now,
      watermark: this.now,
    }
  }

  see(view: SubjectView): void {
    this.#give('subject_seen', { view: { ...view, now: this.now, watermark: this.now }, isTick: false })
  }

  gate(components: Partial<Components>): void {
    const good = { emq: 90, freshness: 100, variance: 90, anomaly: 90, ...components }
    const measured = {
      emq: { value: good.emq },
      freshness: { value: good.freshness, sources: [{ name: 'spend', value: good.freshness }] },
      variance: { value: good.variance },
      anomaly: { value: good.anomaly, metrics: { spend: { value: good.anomaly } } },
    }
    const operations = {
      kill_switch: false,
      connection: 'CONNECTED',
      evaluated_at: this.now,
      breaker: 'CLOSED',
    } as const
    const before = { level: 'PASS', evaluated_at: this.now - 1, better_since: null, better: 0 } as const
    const histories = { risk_increasing: before, protective: before }
    const of = (scope: 'all' | 'delivery') =>
      decide('meta', scope, measured as never, operations, histories, this.now, policyFor(0, '{}'))
    this.#give('platform_gate', {
      platform: 'meta',
      settings: { version: 0, text: '{}' },
      decisions: { all: of('all'), delivery: of('delivery') },
    })
  }

  kill(engaged: boolean): void {
    this.isEngaged = engaged
    this.#give('kill_switch_set', { engaged, reason: 'r', actor: 'a' })
  }

  /** Rules match so many campaigns at once. */
  match(campaigns: readonly string[], mode: 'auto' | 'suggest' | 'shadow', by: number, version = 1): void {
    for (const campaign of campaigns) {
      const view = this.view(campaign)
      this.#give('rule_matched', { match: matchOf(view, mode, by, version), view, isTick: false })
    }
    this.#give('ad_report', {})
  }

  command(
    name: string,
    body: unknown,
    more: object = {},
  ): { accepted: boolean; code: string | null; body: Record<string, unknown> } {
    const command_id = `command-${++this.#n}`
    this.#give('command', {
      command: name,
      actor: 'anna',
      role: 'ADMIN',
      reason: 'a good reason',
      body: JSON.stringify(body),
      ...more,
      event_id: command_id,
    })
    return this.answers.get(command_id)!
  }

  /** A write reaches the platform. */
  write(action: string, entity: string, value: number): void {
    const record = this.actions.get(action)
    const attempt = record?.attempt ?? 0
    if (this.#isWritten(action, attempt)) this.wrong.push(`${action} was written twice`)
    if (!record || !this.decisions.has(record.decision_id))
      this.wrong.push(`${action} was written without a decision`)
    if (record && record.state !== 'APPROVED') this.wrong.push(`${action} was written while ${record.state}`)
    if (this.isEngaged && !this.actions.get(action)?.reverts_action_id)
      this.wrong.push(`${action} was written under the kill switch`)
    this.writes.push({ action, attempt, entity, value, at: this.now })
    this.budgets.set(entity.split(':')[2]!, value)
  }

  #isWritten(action: string, attempt: number): boolean {
    return this.writes.some(write => write.action === action && write.attempt === attempt)
  }

  /** Somebody else has changed the same since: what is read says nothing of our own write. */
  isTouched({ campaign_id }: Pick<ActionRecord, 'campaign_id'>): boolean {
    return this.touched.has(campaign_id ?? '')
  }

  #record(more: object): object {
    return {
      tenant_id: 'demo',
      event_id: `r${++this.#n}`,
      event_time: this.now,
      ingest_time: this.now,
      ...more,
    }
  }

  #give(kind: string, more: object): void {
    const handler = (this.#stage.on as unknown as Handlers)[kind]!
    handler(this.#state, this.#record(more), this.#ctx())
  }

  #ctx(): Partial<StageContext> {
    return {
      emit: (topic: string, _kind: Kind, value: object) => this.#emitted(topic, value),
      unchanged: () => {},
    } as never
  }

  #emitted(topic: string, value: object): void {
    if (topic === 'decisions') this.decisions.add((value as DecisionRecord).decision_id)
    if (topic === 'command-results') {
      const { command_id, accepted, code, body } = value as {
        command_id: string
        accepted: boolean
        code: string | null
        body: string
      }
      this.answers.set(command_id, { accepted, code, body: JSON.parse(body) as Record<string, unknown> })
    }
    if (topic !== 'actions') return
    const action = value as ActionRecord
    const before = this.actions.get(action.action_id)
    if ((before?.state ?? null) !== action.state && !isAllowed(before?.state ?? null, action.state))
      this.wrong.push(`${action.action_id} went from ${before?.state} to ${action.state}`)
    if (action.revision !== (before?.revision ?? 0) + 1)
      this.wrong.push(`${action.action_id} has revision ${action.revision} after ${before?.revision}`)
    if (!this.decisions.has(action.decision_id)) this.wrong.push(`${action.action_id} rests on no decision`)
    this.actions.set(action.action_id, action)
    const isWritten = this.#isWritten(action.action_id, action.attempt)
    // What the platform has and the record denies.
    if (isWritten && action.state === 'DISMISSED')
      this.wrong.push(`${action.action_id} was written and is dismissed`)
    const isCovered = action.code === 'DRIFT' || action.code === 'NOT_WRITTEN'
    if (isWritten && action.state === 'FAILED' && !(isCovered && this.isTouched(action)))
      this.wrong.push(`${action.action_id} was written and has failed (${action.code})`)
    if (!isWritten && action.state === 'APPLIED' && !this.isTouched(action))
      this.wrong.push(`${action.action_id} was not written and is applied`)
  }
}

const account = (): SubjectView => {
  const days = Object.fromEntries(
    Array.from({ length: 14 }, (_, i) => [
      new Date((START - i * 86_400_000_000) / 1000).toISOString().slice(0, 10),
      {
        spend_micros: 1_000_000_000,
        revenue_micros: 4_000_000_000,
        conversions_micros: 100_000_000,
        impressions: 1000,
        clicks: 100,
        reach: 900,
      },
    ]),
  )
  const subject = {
    platform: 'meta',
    level: 'account',
    account_id: 'a1',
    campaign_id: null,
    adset_id: null,
    ad_id: null,
  } as const
  return {
    subject,
    ...{
      name: null,
      status: 'ACTIVE',
      budget_micros: null,
      budget_kind: 'daily',
      budget_at_midnight_micros: null,
    },
    ...{
      bid_micros: null,
      currency: 'EUR',
      zone: 'UTC',
      now: START,
      today: '2026-02-01',
      days,
      watermark: START,
      offset: 1,
    },
  } as SubjectView
}

const subjectOf = (campaign_id: string): Subject => ({
  ...{ platform: 'meta', level: 'campaign', account_id: 'a1', adset_id: null, ad_id: null },
  campaign_id,
})

function matchOf(view: SubjectView, mode: Match['mode'], by: number, version: number): Match {
  const before = view.budget_micros!
  const after = Math.round(before * (1 + by))
  return {
    rule: { id: by > 0 ? 'scale' : 'cut', version, hash: 'h' },
    ...{ mode, priority: 0, safety: false, cooldown_us: 0, overrides: {}, scope: 'all', evidence: [] },
    subject: view.subject,
    entity: `meta:a1:${view.subject.campaign_id}`,
    proposal: {
      type: by > 0 ? 'BUDGET_INCREASE' : 'BUDGET_DECREASE',
      field: 'budget',
      before,
      after,
      currency: 'EUR',
    },
  }
}
