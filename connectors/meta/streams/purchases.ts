import { BadRow, isObject, type Json, millionths } from '../fields.ts'
import type { Settings } from '../settings.ts'

/**
 * What Meta credits to one action type. A purchase is listed under several types with the same count (`purchase`,
 * `omni_purchase`, `offsite_conversion.fb_pixel_purchase` …): one is taken, they are never summed.
 *
 * Without windows, `value` counts by each ad set's own setting. With windows, a conversion is credited to a click or
 * to a view, never to both, so the windows named (one of each kind) are added.
 *
 * @param field `actions` (a count) or `action_values` (major units)
 * @returns millionths, which are micros of a value; 0 where the type is not listed: Meta leaves out what did not happen
 * @throws BadRow
 */
export function creditedTo(row: Json, field: 'actions' | 'action_values', settings: Settings): number {
  const { purchase_action, attribution_windows: windows = [] } = settings
  const entry = statsIn(row, field).find(stat => stat.action_type === purchase_action)
  if (entry === undefined) return 0
  const parts = windows.length === 0 ? ['value'] : windows
  return parts.reduce((sum, part) => {
    const more = sum + (read(entry, part, field) ?? 0)
    if (!Number.isSafeInteger(more)) throw new BadRow(`${field}: too large to be held exactly`)
    return more
  }, 0)
}

/** Purchases are reported, but not under the type that is counted. */
export const countsAnother = (row: Json, settings: Settings): boolean => {
  const types = statsIn(row, 'actions').map(stat => stat.action_type)
  return !types.includes(settings.purchase_action) && types.some(type => /purchase$/.test(String(type)))
}

function read(entry: Json, part: string, field: string): number | null {
  try {
    return millionths(entry, part)
  } catch (error) {
    if (error instanceof BadRow) throw new BadRow(`${field}.${error.message}`)
    throw error
  }
}

function statsIn(row: Json, field: string): Json[] {
  const list = row[field] ?? []
  if (!Array.isArray(list) || !list.every(isObject)) throw new BadRow(`${field} is no list of actions`)
  return list
}
