import { deadLettersTable } from '../engine/deadletter/table.ts'
import { adMetricsTable } from './ad-metrics/tables.ts'
import { funnelTable } from './funnel/tables.ts'
import { eventsTable } from './ingest/tables.ts'
import { sessionsTable } from './sessions/tables.ts'

/** Every warehouse table. */
export const tables = [eventsTable, sessionsTable, funnelTable, adMetricsTable, deadLettersTable]

/** This file: the thread that makes blocks of rows loads the tables from it. */
export const module = import.meta.url
