import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import type { Shown } from './shown.ts'
import { major } from './units.ts'

/** A purchase is listed under each of these, with the same count: they are one. */
export const PURCHASES = [
  'omni_purchase',
  'purchase',
  'offsite_conversion.fb_pixel_purchase',
  'onsite_web_purchase',
  'web_in_store_purchase',
]

/** How much of a total (micros) a window is credited with. 7d_view and 28d_view give nothing any more. */
export function creditOf(total: number, window: string): number {
  const unit = total % 1_000_000 === 0 ? 1_000_000 : 1
  const part = (share: number) => Math.floor((total / unit) * share) * unit
  switch (window) {
    case '1d_click':
      return part(0.55)
    case '7d_click':
    case '28d_click':
      return part(0.8)
    case '1d_view':
      return total - part(0.8)
    default:
      return 0
  }
}

/** `actions`, `action_values` and what follows from them; undefined where nothing happened. */
export function actionsOf(figures: AdFigures, windows: readonly string[]): Record<string, unknown> {
  const { clicks, conversionsMicros, revenueMicros, spendMicros } = figures
  const clicked = [
    ['link_click', Math.floor(clicks * 0.8)],
    ['landing_page_view', Math.floor(clicks * 0.6)],
  ] as const
  const actions: Shown[] = clicked
    .filter(([, n]) => n > 0)
    .map(([type, n]) => stat(type, n * 1_000_000, windows))
  const values: Shown[] = []
  if (conversionsMicros > 0)
    for (const type of PURCHASES) {
      actions.push(stat(type, conversionsMicros, windows))
      if (revenueMicros > 0) values.push(stat(type, revenueMicros, windows))
    }
  const cost = actions.map(({ action_type, value }) => ({
    action_type,
    value: String(Number((spendMicros / 1_000_000 / Number(value)).toFixed(6))),
  }))
  const roas = values.length > 0 && spendMicros > 0 ? revenueMicros / spendMicros : null
  return {
    actions: actions.length > 0 ? actions : undefined,
    action_values: values.length > 0 ? values : undefined,
    cost_per_action_type: actions.length > 0 ? cost : undefined,
    purchase_roas:
      roas === null ? undefined : [{ action_type: 'omni_purchase', value: String(Number(roas.toFixed(6))) }],
  }
}

function stat(action_type: string, total: number, windows: readonly string[]): Shown {
  const credited = windows
    .map(window => [window, creditOf(total, window)] as const)
    .filter(([, credit]) => credit > 0)
    .map(([window, credit]) => [window, major(credit)])
  return { action_type, value: major(total), ...Object.fromEntries(credited) }
}
