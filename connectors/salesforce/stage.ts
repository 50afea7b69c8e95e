import type { DealStageRecord } from '../../plugins/records/deal.ts'
import { needed, type Row, text, time } from '../../plugins/rows/index.ts'
import type { TimeSlice } from '../../plugins/sync/index.ts'
import { within } from './soql.ts'

/** The last row that was read: a row of the same opportunity and stage behind it is no entry. */
export type LastStage = { readonly deal: string; readonly stage: string }

/**
 * The history of all opportunities that changed in a slice, in order. Salesforce adds a row whenever stage, amount,
 * probability or close date change, so that what a row means is seen from the one before it.
 */
export const stagesQuery = (slice: TimeSlice): string =>
  'SELECT Id, OpportunityId, StageName, CreatedDate, SystemModstamp FROM OpportunityHistory ' +
  `WHERE OpportunityId IN (SELECT Id FROM Opportunity WHERE ${within(slice)}) ` +
  'ORDER BY OpportunityId, CreatedDate, Id'

/** A row of the history as a record. @throws RowError */
export const historyOf = (row: Row): DealStageRecord => ({
  deal_id: needed(text(row, 'OpportunityId'), 'OpportunityId'),
  stage: needed(text(row, 'StageName'), 'StageName'),
  entered_at: needed(time(row, 'CreatedDate'), 'CreatedDate'),
  as_of: needed(time(row, 'SystemModstamp') ?? time(row, 'CreatedDate'), 'SystemModstamp'),
})

/** Those of a page that are entries into a stage, and the last row of all. */
export function entries(
  rows: readonly DealStageRecord[],
  before: LastStage | null,
): { readonly records: DealStageRecord[]; readonly last: LastStage | null } {
  const records: DealStageRecord[] = []
  let last = before
  for (const row of rows) {
    if (last?.deal !== row.deal_id || last.stage !== row.stage) records.push(row)
    last = { deal: row.deal_id, stage: row.stage }
  }
  return { records, last }
}
