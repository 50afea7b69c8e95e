import type { AdChangeRecord } from '../../../plugins/records/ad-change.ts'
import { RowError } from '../../../plugins/rows/index.ts'
import type { Customer } from '../api/customer.ts'
import { isObject, type Json } from '../api/exact-json.ts'
import { at, needed, text } from '../fields.ts'
import { fromLocal } from '../zone-time.ts'

const LEVELS: Readonly<Record<string, string>> = {
  CAMPAIGN: 'campaign',
  AD_GROUP: 'adset',
  AD_GROUP_AD: 'ad',
  AD: 'ad',
}

/**
 * Records of a `change_event` (change_event.proto): one for each field of an update; of something made or removed one
 * without a field, whose new value says so. @throws RowError
 */
export function changesOf(row: Json, { id, zone }: Pick<Customer, 'id' | 'zone'>): AdChangeRecord[] {
  const name = needed(row, 'changeEvent.resourceName')
  const type = needed(row, 'changeEvent.changeResourceType')
  const operation = needed(row, 'changeEvent.resourceChangeOperation')
  const changed = needed(row, 'changeEvent.changeResourceName')
  const common = {
    platform: 'google' as const,
    changed_at: changedAt(row, name, zone),
    account_id: id,
    entity: LEVELS[type] ?? type,
    // customers/1/adGroupAds/2~3: the ad is 3.
    entity_id: changed.split(/[/~]/).at(-1)!,
    actor: text(row, 'changeEvent.userEmail'),
    client: text(row, 'changeEvent.clientType'),
  }
  const event = name.split('/').at(-1)!
  const fields = operation === 'UPDATE' ? maskOf(text(row, 'changeEvent.changedFields')) : []
  if (fields.length === 0)
    return [{ ...common, change_id: event, field: null, old_value: null, new_value: operation }]
  const [before, after] = ['oldResource', 'newResource'].map(side =>
    resourceIn(at(row, `changeEvent.${side}`)),
  )
  return fields.map(field => ({
    ...common,
    change_id: `${event}/${field}`,
    field,
    old_value: valueAt(before!, field),
    new_value: valueAt(after!, field),
  }))
}

/**
 * The name holds it in UTC: `changeEvents/{timestamp_micros}~{command_index}~{mutate_index}`. `change_date_time` is in
 * the account's zone, where an hour of autumn comes twice.
 */
function changedAt(row: Json, name: string, zone: string): number {
  const [, micros] = /\/(\d{15,16})~\d+~\d+$/.exec(name) ?? []
  const at =
    micros === undefined ? fromLocal(needed(row, 'changeEvent.changeDateTime'), zone) : Number(micros)
  if (at === null) throw new RowError('changeEvent.changeDateTime is no time')
  return at
}

/** A field mask as JSON: `status,cpcBidMicros`. */
const maskOf = (mask: string | null): string[] =>
  (mask ?? '')
    .split(',')
    .map(field => field.trim())
    .filter(Boolean)

/** `{campaign: {…}}`: the one kind of thing it is about. */
function resourceIn(side: unknown): Json {
  const [resource] = isObject(side) ? Object.values(side).filter(isObject) : []
  return resource ?? {}
}

function valueAt(resource: Json, field: string): string | null {
  let value: unknown = resource
  for (const name of field.split('.')) value = isObject(value) ? value[name] : null
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
