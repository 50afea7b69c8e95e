import { type Problem, toPointer } from '../../../engine/config/index.ts'
import type { AutopilotSettings } from './schema.ts'

/** What a schema cannot say: thresholds in their order, percents that were meant as percents. */
export function orderProblems(settings: AutopilotSettings): Problem[] {
  const { blast_radius, pause_roas_threshold, roas_threshold, confirmation_minutes, expiry_hours } = settings
  return [
    ...inPercent(['max_daily_budget_increase_pct'], settings.max_daily_budget_increase_pct),
    ...inPercent(['blast_radius', 'entities_pct'], blast_radius.entities_pct),
    ...inPercent(['blast_radius', 'money_pct'], blast_radius.money_pct),
    // Else it would be raised on one day and paused on the next.
    ...atMost(['pause_roas_threshold'], pause_roas_threshold, 'roas_threshold', roas_threshold),
    ...atMost(
      ['confirmation_minutes'],
      confirmation_minutes,
      'the minutes of expiry_hours',
      expiry_hours * 60,
    ),
  ]
}

export const problem = (path: readonly string[], text: string): Problem => ({
  path,
  text: `${toPointer(path)} ${text}`,
})

const atMost = (path: readonly string[], value: number, name: string, bound: number): Problem[] =>
  value <= bound ? [] : [problem(path, `must be at most ${name} (${bound}), got ${value}`)]

/** 0.2 for twenty percent would forbid nearly everything, and say so to nobody. */
export function inPercent(path: readonly string[], value: number): Problem[] {
  if (value <= 0 || value >= 1) return []
  const meant = Number((value * 100).toFixed(6))
  return [problem(path, `is in percent: write ${meant} for ${meant} %, got ${value}`)]
}
