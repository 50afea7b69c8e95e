import { deadLettersTable } from '../engine/deadletter/table.ts'
import { adChangesTable } from './ad-changes/tables.ts'
import { adDemographicsTable } from './ad-demographics/tables.ts'
import { adEntityTables } from './ad-entities/tables.ts'
import { adMetricsTable } from './ad-metrics/tables.ts'
import { allocationTables } from './allocation/tables.ts'
import { attributionTables } from './attribution/tables.ts'
import { auditTables } from './audit/tables.ts'
import { actionResultsTable, actionsTable, decisionsTable } from './autopilot/tables.ts'
import { commandResultsTable } from './commands/tables.ts'
import { pipelineDailyTable } from './crm/pipeline/tables.ts'
import { contactsTable, dealStagesTable, dealsTable } from './crm/tables.ts'
import { experimentResultsTable } from './experiments/tables.ts'
import { forecastsTable } from './forecast/tables.ts'
import { funnelTable } from './funnel/tables.ts'
import { identityEventsTable, personLinksTable } from './identity/tables.ts'
import { eventsTable } from './ingest/tables.ts'
import { journeysTable } from './journeys/tables.ts'
import { matchQualityTable } from './match-quality/tables.ts'
import { pacingTables } from './pacing/tables.ts'
import { profitDailyTable } from './profit/tables.ts'
import { sessionsTable } from './sessions/tables.ts'
import { anomaliesTable, varianceDailyTable } from './signals/tables.ts'
import { signalHealthTable } from './trust/tables.ts'
import { webReportsTable } from './web-reports/tables.ts'

/** Every warehouse table. */
export const tables = [
  eventsTable,
  sessionsTable,
  funnelTable,
  adMetricsTable,
  adDemographicsTable,
  ...adEntityTables,
  adChangesTable,
  webReportsTable,
  matchQualityTable,
  contactsTable,
  dealsTable,
  dealStagesTable,
  pipelineDailyTable,
  profitDailyTable,
  experimentResultsTable,
  commandResultsTable,
  identityEventsTable,
  personLinksTable,
  journeysTable,
  ...attributionTables,
  signalHealthTable,
  anomaliesTable,
  varianceDailyTable,
  ...allocationTables,
  forecastsTable,
  ...pacingTables,
  decisionsTable,
  actionsTable,
  actionResultsTable,
  ...auditTables,
  deadLettersTable,
]

/** This file: the thread that makes blocks of rows loads the tables from it. */
export const module = import.meta.url
