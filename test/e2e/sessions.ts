import { csvRows } from './real.ts'

export interface OurSession {
  readonly session_id: string
  readonly start_unix: number
  readonly started_us: number
  readonly ended_us: number
  readonly session_number: number
  readonly date: string
  readonly source: string
  readonly medium: string
  readonly campaign: string | null
  readonly landing_path: string
  readonly device: string
  readonly country: string
  readonly events: number
  readonly page_views: number
  readonly purchases: number
  readonly revenue_micros: number
}

export type DerivedSession = Readonly<Record<string, string>>

export interface Pair {
  readonly ours: OurSession
  readonly derived: DerivedSession
}

export interface Comparison {
  /** One session in both, by its id and the second it began in. */
  readonly pairs: readonly Pair[]
  /** Ours that begin at no second the derived file knows, with the derived session of that id that began before. */
  readonly alone: readonly { readonly ours: OurSession; readonly earlier: DerivedSession | undefined }[]
  /** Unix second of the last event there is. */
  readonly last: number
}

type Query = <T>(sql: string) => Promise<T[]>

const OURS = `SELECT session_id, toUnixTimestamp(started_at) AS start_unix, session_number, date, source, medium,
  toUnixTimestamp64Micro(started_at) AS started_us, toUnixTimestamp64Micro(ended_at) AS ended_us, campaign,
  landing_path, device, country, events, page_views, purchases, revenue_micros FROM stratum.sessions_current`

/** All current sessions beside the derived ones of January 2021 (platforms.md §5.3 of the specification). */
export async function sessionsBeside(query: Query): Promise<Comparison> {
  const derived = csvRows('ga4/real_export_derived/sessions_202101.csv.gz')
  const at = (id: string, second: string | number) => `${id} ${second}`
  const bySecond = new Map(derived.map(row => [at(row.session_id!, row.start_unix!), row]))
  const pairs: Pair[] = []
  const alone: Comparison['alone'][number][] = []
  for (const ours of await query<OurSession>(OURS)) {
    const same = bySecond.get(at(ours.session_id, ours.start_unix))
    if (same) pairs.push({ ours, derived: same })
    else alone.push({ ours, earlier: derived.find(row => row.session_id === ours.session_id) })
  }
  const [{ last }] = (await query<{ last: number }>(
    'SELECT toUnixTimestamp(max(event_time)) AS last FROM stratum.events',
  )) as [{ last: number }]
  return { pairs, alone, last }
}

/** The path of an address, or what is a path already. */
export function pathOf(address: string): string {
  return address.replace(/^https?:\/\/[^/]*/, '')
}
