import type { Codec } from '../../engine/codec/codec.ts'
import { adEntityKind } from '../../pipelines/ad-entities/said.ts'
import { actionKind } from '../../pipelines/autopilot/kinds.ts'
import { adReportKind, eventKind } from '../../pipelines/ingest/facts.ts'
import { did, stands } from '../../test/pipelines/autopilot/account.ts'
import { event } from '../../test/pipelines/facts.ts'

/** Whose events are sent. */
export const TENANTS = Array.from({ length: 20 }, (_, i) => `tenant-${i}`)

/** What each tenant asks for: every campaign of the load is one that this matches. */
export const RULE = {
  ...{ rule: 'spends', version: 1, mode: 'suggest', subject: 'campaign' },
  reads: { spend: { metric: 'spend', over: 'today' } },
  when: 'spend > 50',
  // biome-ignore lint/suspicious/noThenProperty: a rule has one
  then: { action: 'CAMPAIGN_PAUSE' },
}

export interface LoadOptions {
  readonly codec: Codec
  /** UTC microseconds. */
  readonly clock: () => number
  /** Events of shops a second. */
  readonly rate: number
  /** Campaigns a second that lead to an action. */
  readonly reports: number
}

/** A record on the facts. */
export interface Due {
  readonly tenant: string
  readonly value: Buffer
}

/** Events of shops at a steady rate, and among them reports of campaigns, each of which leads to an action. */
export class Load {
  readonly #o: LoadOptions
  readonly #today: string
  readonly #begun = new Map<string, number>()
  #campaigns = 0
  /** Events of shops sent. */
  sent = 0

  private constructor(options: LoadOptions) {
    this.#o = options
    this.#today = new Date(options.clock() / 1000).toISOString().slice(0, 10)
  }

  static async make(options: LoadOptions): Promise<Load> {
    for (const kind of [eventKind, adReportKind, adEntityKind, actionKind] as const)
      await options.codec.register(kind as never)
    return new Load(options)
  }

  /** What is to be sent by then. @param ms since it began */
  due(ms: number): Due[] {
    const { codec, clock, rate, reports } = this.#o
    const now = clock()
    const due: Due[] = []
    for (; this.sent < (ms / 1000) * rate; this.sent++) {
      const tenant = TENANTS[this.sent % TENANTS.length]!
      const times = { event_time: now, ingest_time: now, event_date: this.#today }
      const whose = { tenant_id: tenant, event_id: `e${this.sent}`, person_key: `p${this.sent % 5_000}` }
      due.push({ tenant, value: codec.encode(eventKind, event({ ...whose, ...times })) })
    }
    for (; this.#campaigns < (ms / 1000) * reports; this.#campaigns++) {
      const tenant = TENANTS[this.#campaigns % TENANTS.length]!
      const campaign = { id: `c${this.#campaigns}` }
      for (const [kind, told] of [
        [adEntityKind, stands(campaign, now)],
        [adReportKind, did(campaign, this.#today, now)],
      ] as const)
        due.push({
          tenant,
          value: codec.encode(kind as never, { ...told.value, tenant_id: tenant } as never),
        })
      this.#begun.set(campaign.id, performance.now())
    }
    return due
  }

  /** How long each campaign took to the first record of its action, milliseconds, and how many never got there. */
  took(seen: Iterable<Seen>, since = 0): { readonly took: number[]; readonly missing: number } {
    const left = new Map([...this.#begun].filter(([, from]) => from >= since))
    const took: number[] = []
    for (const { campaign, at } of seen) {
      const from = left.get(campaign)
      if (from !== undefined) took.push(at - from)
      left.delete(campaign)
    }
    return { took: took.sort((a, b) => a - b), missing: left.size }
  }
}

/** The record of an action, when it was received. `performance.now()` */
export interface Seen {
  readonly campaign: string
  readonly at: number
}

/** In JSON: milliseconds. @param took sorted */
export function summary(took: readonly number[]) {
  const at = (p: number) =>
    Math.round((took[Math.min(took.length - 1, Math.floor(took.length * p))] ?? Number.NaN) * 10) / 10
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: at(1) }
}
