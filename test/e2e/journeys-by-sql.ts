/** A journey, as told by its sessions: times in microseconds, value in micros. */
export interface Journey {
  readonly path: readonly string[]
  readonly begun: number
  readonly closed: number | null
  readonly conversions: number
  readonly worth: number
}

const SITE = '%googlemerchandisestore.com'
const param = (key: string, slot: 'string_value' | 'int_value') =>
  `tupleElement(tupleElement(arrayFirst(p -> ifNull(tupleElement(p, 'key'), '') = '${key}', event_params), 'value'), '${slot}')`

/**
 * Journeys of files of the GA4 export, straight from their rows by other means than ours: sessions and their source and
 * medium as platforms.md §5.3 says, in order of start, up to and with a session that has a purchase.
 */
export function journeysSql(files: readonly string[]): string {
  const rows = files.map(
    file => `SELECT user_pseudo_id AS person, event_timestamp AS at, event_name AS name,
      ${param('ga_session_id', 'int_value')} AS session, ${param('ga_session_number', 'int_value')} AS number,
      ${param('source', 'string_value')} AS source, ${param('medium', 'string_value')} AS medium,
      tupleElement(traffic_source, 'source') AS first_source, tupleElement(traffic_source, 'medium') AS first_medium,
      toInt64(round(ifNull(tupleElement(ecommerce, 'purchase_revenue_in_usd'), 0) * 1000000)) AS value
    FROM file('${file}', Parquet)`,
  )
  const isOther = (source: string) => `(isNotNull(${source}) AND ${source} NOT LIKE '${SITE}')`
  return `WITH events AS (${rows.join(' UNION ALL ')}),
    visits AS (
      SELECT person, session, min(at) AS started, countIf(name = 'purchase') AS purchases,
        sumIf(value, name = 'purchase') AS value, countIf(${isOther('source')}) > 0 AS is_named,
        argMinIf(tuple(source, medium), tuple(at, name), ${isOther('source')}) AS named,
        argMin(tuple(number, first_source, first_medium), tuple(at, name)) AS first
      FROM events WHERE isNotNull(person) AND isNotNull(session) GROUP BY person, session),
    touches AS (
      SELECT person, session, started, purchases, value, multiIf(
          is_named, concat(named.1, ' / ', ifNull(named.2, '(not set)')),
          first.1 = 1 AND ${isOther('first.2')}, concat(first.2, ' / ', ifNull(first.3, '(not set)')),
          '(direct) / (none)') AS touch,
        countIf(purchases > 0) OVER (PARTITION BY person ORDER BY started, session ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
          - (purchases > 0) AS journey
      FROM visits)
    SELECT arrayMap(t -> t.3, arraySort(groupArray(tuple(started, session, assumeNotNull(touch))))) AS path,
      toInt64(min(started)) AS begun, sum(purchases) AS conversions, sum(value) AS worth,
      if(conversions > 0, toInt64(max(started)), NULL) AS closed
    FROM touches GROUP BY person, journey`
}

/** The same, of the warehouse. */
export const OURS = `SELECT path, toUnixTimestamp64Micro(started_at) AS begun, conversions, ifNull(value_micros, 0) AS worth,
  if(converted, toUnixTimestamp64Micro(closed_at), NULL) AS closed FROM stratum.journeys_current`

/** In an order of their own, one text each. */
export const inOrder = (journeys: readonly Journey[]): string[] =>
  journeys
    .map(j => [
      j.path.join(' > '),
      Number(j.begun),
      j.closed === null ? null : Number(j.closed),
      Number(j.conversions),
      Number(j.worth),
    ])
    .map(row => JSON.stringify(row))
    .sort()
