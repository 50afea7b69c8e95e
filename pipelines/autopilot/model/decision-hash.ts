import { createHash } from 'node:crypto'
import { canonical } from '../../../engine/canonical.ts'
import { isoTime } from '../../../engine/clock/iso.ts'
import { autopilotSettings, policyHash } from '../settings/policies.ts'
import type { Decided, DecideInputs } from './decide.ts'

/** Counted up only when the same inputs would be decided otherwise. */
export const SEMANTICS = 1

/** Money, and integers that may be above 2^53 elsewhere, are texts: every language reads them alike. */
const money = (micros: number | string | null): string | null =>
  typeof micros === 'number' ? String(micros) : micros

/**
 * What a decision says, as its hash has it: without offsets, the moment of computing, actor and release.
 * Source: autopilot.md §1.
 */
export function saidOf(inputs: DecideInputs, decided: Decided): Readonly<Record<string, unknown>> {
  const { rule, tenant, subject, change, evidence, settings, blast } = inputs
  const { gate, enforcement, outcome, causes } = decided
  return {
    v: 1,
    tenant,
    rule: rule === null ? null : { id: rule.id, version: rule.version, hash: rule.hash },
    policy_hash: policyHash(autopilotSettings(settings.version, settings.text)),
    semantics: SEMANTICS,
    tick: isoTime(inputs.now),
    subject: { ...subject },
    proposal:
      change === null
        ? null
        : {
            type: change.type,
            field: change.field,
            before: money(change.before),
            after: money(change.after),
            currency: change.currency,
          },
    evidence: evidence.map(e => ({
      metric: e.metric,
      window: e.window === null ? null : `${e.window.from}/${e.window.to}`,
      value: e.value,
      numerator: money(e.numerator),
      denominator: money(e.denominator),
      watermark: e.watermark === null ? null : isoTime(e.watermark),
    })),
    trust: {
      E: gate.components?.emq ?? null,
      F: gate.components?.freshness ?? null,
      V: gate.components?.variance ?? null,
      A: gate.components?.anomaly ?? null,
      score: gate.score,
      caps: gate.caps,
    },
    gate: { raw: gate.raw, final: gate.final },
    enforcement: {
      mode: enforcement.mode,
      violations: enforcement.violations.map(({ type, subtype, mode }) => ({
        type,
        subtype: subtype ?? null,
        mode,
      })),
    },
    blast:
      blast === null
        ? null
        : {
            used: { ...blast.used, money_micros: money(blast.used.money_micros) },
            limit: { ...blast.limit, money_micros: money(blast.limit.money_micros) },
          },
    canary: { member: true, step: null },
    holdout: { held: false, epoch: null },
    outcome,
    causes,
  }
}

/** SHA-256 (hex) of what a decision says. */
export const decisionHash = (said: Readonly<Record<string, unknown>>): string =>
  createHash('sha256')
    .update(`stratum.decision.v1\n${canonical(said)}`)
    .digest('hex')
