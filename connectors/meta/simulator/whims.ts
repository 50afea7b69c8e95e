/** What the platform may do one day: faults to order. */
export class Whims {
  /** Lists have nothing in them. */
  isEmpty = false
  /** A page of a list begins with the last rows of the one before. */
  repeats = false
  drift: 'added' | 'retyped' | 'missing' | null = null
  /** So many reports to come fail, with this status. */
  failJobs = 0
  failedStatus: 'Job Failed' | 'Job Skipped' = 'Job Failed'
  /** Rows that a request at once, or a report, may come to; more is too much. */
  mostRowsAtOnce = Number.POSITIVE_INFINITY
  mostRowsOfJob = Number.POSITIVE_INFINITY
  /** Behind the last page there is another, empty, for ever. */
  endless = false
  /** How many of those were given. */
  given = 0

  /** A row as it is shown since the platform has changed. */
  spoilt(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    switch (this.drift) {
      case null:
        return row
      case 'added':
        return { ...row, brand_new: { deep: [1] }, another: null }
      case 'retyped':
        return Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, RETYPED.has(name) ? Number(value) : value]),
        )
      case 'missing':
        return Object.fromEntries(Object.entries(row).filter(([name]) => !MISSING.has(name)))
    }
  }
}

/** Numbers where text was; most ids are too large to be one. */
const RETYPED = new Set([
  'id',
  'ad_id',
  'spend',
  'impressions',
  'clicks',
  'reach',
  'daily_budget',
  'campaign_id',
  'object_id',
])
const MISSING = new Set(['spend', 'name', 'objective', 'effective_status', 'reach', 'event_type', 'age'])
