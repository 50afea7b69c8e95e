import { STARTED } from '../../support/started.ts'

/** What every process of the cluster is started with. */
export const PARTITIONS = { raw: 8, facts: 8, persons: 8 }
export const GROUPS = 8
export const WORKERS = 3
/** A worker that is not heard of for so long loses its groups. Milliseconds. */
export const SESSION_MS = 6_000
/** Revisions and dead letters carry the time of reading: every run reads at the same. */
export const NOW = '2026-01-15T12:00:00Z'

export const environment = (brokers: string, warehouse: string): Record<string, string> => ({
  ...STARTED,
  STRATUM_KAFKA__BROKERS: brokers,
  STRATUM_KAFKA__GROUPS: String(GROUPS),
  STRATUM_KAFKA__SESSION_MS: String(SESSION_MS),
  STRATUM_WAREHOUSE__URL: warehouse,
  STRATUM_LOG__PARTITIONS__RAW: String(PARTITIONS.raw),
  STRATUM_LOG__PARTITIONS__FACTS: String(PARTITIONS.facts),
  STRATUM_LOG__PARTITIONS__PERSONS: String(PARTITIONS.persons),
  STRATUM_WAREHOUSE__TIMEOUT_SECONDS: '10',
  STRATUM_SINK__CUT_ROWS: '2000',
  STRATUM_SINK__CUT_MS: '200',
  STRATUM_CLOCK__FIXED: NOW,
  // The clock stands long ago, and a broker drops records by their time.
  STRATUM_LOG__RETENTION_DAYS__RAW: '36500',
  STRATUM_LOG__RETENTION_DAYS__FACTS: '36500',
  STRATUM_LOG__RETENTION_DAYS__OTHER: '36500',
})
