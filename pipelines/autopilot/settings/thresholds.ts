import { minorDigits } from '../../../engine/currency.ts'
import type { Threshold } from '../model/enforcement/check.ts'
import type { AutopilotSettings } from './schema.ts'

/** A threshold as it is set. */
export interface Limit {
  /** By its own name. */
  readonly setting: string
  readonly value: number
  /** How many of its unit are one of what is compared: 100 where it is set in cents. */
  readonly unit: number
}

/** Null: there is no limit. */
export function limitOf(settings: AutopilotSettings, name: Threshold, currency: string | null): Limit | null {
  const cents = settings.max_campaign_budget_cents
  if (name === 'max_campaign_budget' && cents !== undefined)
    return { setting: 'max_campaign_budget_cents', value: cents, unit: 10 ** minorDigits(currency ?? '') }
  const value = settings[name]
  return value === null || value === undefined ? null : { setting: name, value, unit: 1 }
}
