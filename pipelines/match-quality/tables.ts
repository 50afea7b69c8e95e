import { MatchQualityRecord } from '../../plugins/records/match-quality.ts'
import { currentTable } from '../current/table.ts'

export const matchQualityTable = currentTable({
  name: 'match_quality',
  comment: 'One row is what a platform said of one pixel and event name, at one revision',
  from: { topic: 'metrics', kind: 'match_qualities' },
  time: 'as_of',
  orderBy: ['tenant_id', 'platform', 'account_id', 'pixel_id'],
  record: MatchQualityRecord,
  key: ['tenant_id', 'platform', 'account_id', 'pixel_id', 'event_name'],
})
