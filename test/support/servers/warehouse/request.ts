import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { Refusal } from './refusal.ts'

/** A statement as ClickHouse's HTTP interface takes it. */
export interface Request {
  readonly user: string
  readonly password: string
  readonly database: string | null
  /** What is written in the query string, then what is in the body, as far as that is text. */
  readonly sql: string
  /** What an INSERT brings along, when that is not text. */
  readonly rows: { readonly format: string; readonly bytes: Buffer } | null
  readonly insert: boolean
  /** Values of `{name:Type}` places. */
  readonly params: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  readonly format: string
  readonly gzip: boolean
  readonly queryId: string
}

/** Formats that say by themselves which columns they have. */
const BINARY = /^(Native|Parquet|Arrow|ArrowStream|ORC|Avro)$/i
/** Names of the query string that are no settings of the statement. */
const RESERVED = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'session_id',
  'session_timeout',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'role',
])

export async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const search = new URL(incoming.url!, 'http://localhost').searchParams
  const { headers, method } = incoming
  const raw = await buffer(incoming)
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
  const settings: Record<string, string> = {}
  const params: Record<string, string> = {}
  for (const [name, value] of search)
    if (name.startsWith('param_')) params[name.slice(6)] = value
    else if (!RESERVED.has(name)) settings[name] = value
  // What only asks is given with GET, and may change nothing.
  if (method === 'GET') settings.readonly ??= '2'
  const head = search.get('query') ?? ''
  const binary = /\bFORMAT\s+(\w+)\s*$/i.exec(head)
  const isBinary = binary !== null && BINARY.test(binary[1]!) && body.length > 0
  const sql = isBinary ? head : [head, body.toString()].filter(part => part !== '').join('\n')
  if (sql.trim() === '') throw new Refusal(62, 'Syntax error: Empty query.', 'SYNTAX_ERROR')
  return {
    ...credentials(headers, search),
    database: search.get('database') ?? (headers['x-clickhouse-database'] as string | undefined) ?? null,
    sql,
    rows: isBinary ? { format: binary[1]!, bytes: body } : null,
    insert: /^\s*INSERT\b/i.test(sql),
    params,
    settings,
    format: search.get('default_format') ?? 'TabSeparated',
    gzip:
      settings.enable_http_compression === '1' && /\bgzip\b/.test(String(headers['accept-encoding'] ?? '')),
    queryId: search.get('query_id') ?? crypto.randomUUID(),
  }
}

function credentials(
  headers: IncomingMessage['headers'],
  search: URLSearchParams,
): { user: string; password: string } {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')
  if (basic) {
    const [user, ...rest] = Buffer.from(basic[1]!, 'base64').toString().split(':')
    return { user: user!, password: rest.join(':') }
  }
  const header = (name: string) => headers[name] as string | undefined
  return {
    user: header('x-clickhouse-user') ?? search.get('user') ?? 'default',
    password: header('x-clickhouse-key') ?? search.get('password') ?? '',
  }
}
