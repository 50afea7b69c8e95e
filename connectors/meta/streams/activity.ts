import { redactEmails } from '../../../plugins/privacy/emails.ts'
import type { AdChangeRecord } from '../../../plugins/records/ad-change.ts'
import { id, isObject, type Json, needed, text, time } from '../fields.ts'

/** Meta's old names: what was a campaign is an ad set today. */
const ENTITIES: Readonly<Record<string, string>> = {
  ACCOUNT: 'account',
  CAMPAIGN_GROUP: 'campaign',
  CAMPAIGN: 'adset',
  ADGROUP: 'ad',
}

const MAX_LENGTH = 500

/**
 * An entry of the activity log as a change, and what it is known by: it has no id of its own. Values stay as Meta
 * gives them: budgets and bids in minor units. Pure. @throws BadRow
 */
export function activityRecord(
  row: Json,
  account: string,
): { readonly key: string; readonly record: Omit<AdChangeRecord, 'change_id'> } {
  const at = needed(time(row, 'event_time'), 'event_time')
  const type = needed(text(row, 'event_type'), 'event_type')
  const object = needed(id(row, 'object_id'), 'object_id')
  const actor = id(row, 'actor_id')
  const extra = text(row, 'extra_data')
  const [before, after] = valuesIn(type, extra)
  const kind = text(row, 'object_type')
  return {
    key: JSON.stringify([at, type, object, actor, extra]),
    record: {
      platform: 'meta',
      changed_at: at,
      account_id: account,
      entity: kind === null ? 'account' : (ENTITIES[kind] ?? kind.toLowerCase()),
      entity_id: object,
      field: type,
      old_value: before,
      new_value: after,
      actor,
      client: text(row, 'application_name') ?? id(row, 'application_id'),
    },
  }
}

/** `{"old_value": …, "new_value": …}`; budgets have an object there, with the value under the same name again. */
function valuesIn(type: string, extra: string | null): [string | null, string | null] {
  // Who was given a role is a person.
  if (extra === null || /(^|_)user(_|$)/.test(type)) return [null, null]
  try {
    const data: unknown = JSON.parse(extra)
    if (!isObject(data)) return [null, null]
    return [textOf(data.old_value, 'old_value'), textOf(data.new_value, 'new_value')]
  } catch {
    return [null, null]
  }
}

function textOf(value: unknown, name: string): string | null {
  const inner = isObject(value) && name in value ? value[name] : value
  if (inner === null || inner === undefined) return null
  const words = typeof inner === 'object' ? JSON.stringify(inner) : String(inner)
  return redactEmails(words).slice(0, MAX_LENGTH)
}
