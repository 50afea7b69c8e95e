import type { DealStageRecord } from '../../plugins/records/deal.ts'
import { needed, RowError, text, time } from '../../plugins/rows/index.ts'
import { deals } from './deal.ts'
import type { CrmObject, ObjectKind } from './objects.ts'
import { idOf, updatedAt } from './record.ts'

export const dealStages: ObjectKind = {
  path: 'deals',
  modified: 'hs_lastmodifieddate',
  properties: ['hs_lastmodifieddate', 'createdate'],
  history: ['dealstage'],
}

/**
 * The stages that a deal has entered, oldest first. A value that was written again is no entry: HubSpot keeps a
 * version of every write. @throws RowError
 */
export function stagesOf(object: CrmObject): DealStageRecord[] {
  const deal_id = idOf(object)
  const as_of = updatedAt(object, deals.modified)
  const versions = object.propertiesWithHistory?.dealstage ?? []
  if (!Array.isArray(versions)) throw new RowError('propertiesWithHistory.dealstage is no list')
  const entries = versions
    .map(version => ({
      stage: text({ ...version }, 'value'),
      entered_at: needed(time({ ...version }, 'timestamp'), 'timestamp of a version of dealstage'),
    }))
    // Newest first; of two in one instant the later written comes first.
    .reverse()
    .sort((a, b) => a.entered_at - b.entered_at)
  const records: DealStageRecord[] = []
  let before: string | null = null
  for (const { stage, entered_at } of entries) {
    if (stage !== null && stage !== before) records.push({ deal_id, stage, entered_at, as_of })
    before = stage
  }
  return records
}
