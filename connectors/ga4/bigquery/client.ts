import type { Setting } from '../../../plugins/contract.ts'
import { RetryableError } from '../../../plugins/errors.ts'
import { errors, type HttpClient, http, oauth2 } from '../../../plugins/http/index.ts'
import type { BigQuerySettings } from '../settings.ts'
import { judgeBy } from './judge.ts'
import { type Field, fieldsOf } from './rows.ts'

/** A table as it is now. */
export interface Table {
  readonly id: string
  readonly fields: readonly Field[]
  /** Another one: the table was written meanwhile. */
  readonly fingerprint: string
}

export interface RowsPage {
  readonly rows: readonly unknown[]
  /** Of the whole table. */
  readonly total: number
}

const TABLES = 1000
const ROWS = 5000

/** Speaks to the BigQuery REST API (v2): the tables of one property's dataset. */
export class BigQuery {
  readonly #http: HttpClient
  readonly #dataset: string

  constructor(context: Omit<Setting<unknown>, 'config'>, settings: BigQuerySettings) {
    const { client_id, client_secret, refresh_token, token_url, bigquery_url } = settings
    this.#dataset = `projects/${encodeURIComponent(settings.project_id)}/datasets/analytics_${settings.property_id}`
    this.#http = http(
      context,
      bigquery_url,
      oauth2({
        tokenUrl: token_url,
        clientId: client_id,
        clientSecret: client_secret,
        refreshToken: refresh_token,
      }),
      errors(judgeBy(settings)),
    )
  }

  /** The names of all tables, views left out. */
  async tables(): Promise<string[]> {
    const names: string[] = []
    let pageToken: string | undefined
    do {
      const page = objectOf(
        await this.#http.get(`${this.#dataset}/tables`, { maxResults: TABLES, pageToken }),
        'the list of tables',
      )
      for (const table of listOf(page.tables)) {
        const { tableReference, type } = objectOf(table, 'a table')
        const { tableId } = objectOf(tableReference, 'tableReference')
        if (typeof tableId === 'string' && (type ?? 'TABLE') === 'TABLE') names.push(tableId)
      }
      const next = page.nextPageToken
      if (next !== undefined && next === pageToken)
        throw new RetryableError('a page of the list of tables is followed by itself')
      pageToken = typeof next === 'string' && next !== '' ? next : undefined
    } while (pageToken !== undefined)
    return names
  }

  async table(id: string): Promise<Table> {
    const table = objectOf(await this.#http.get(`${this.#dataset}/tables/${id}`), id)
    const { lastModifiedTime, numRows, streamingBuffer } = table
    const buffered = (streamingBuffer as { estimatedRows?: unknown } | undefined)?.estimatedRows
    return {
      id,
      fields: fieldsOf(objectOf(table.schema, `the schema of ${id}`).fields, id),
      fingerprint: [lastModifiedTime, numRows, buffered ?? 0].join('/'),
    }
  }

  /** Rows from one on, as many as fit an answer. */
  async rows(id: string, startIndex: number): Promise<RowsPage> {
    const page = objectOf(
      await this.#http.get(`${this.#dataset}/tables/${id}/data`, { startIndex, maxResults: ROWS }),
      id,
    )
    const total = Number(page.totalRows)
    if (!Number.isSafeInteger(total)) throw new RetryableError(`${id}: an answer without totalRows`)
    return { rows: listOf(page.rows), total }
  }
}

type Json = Readonly<Record<string, unknown>>

function objectOf(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RetryableError(`BigQuery's answer is not what it should be: ${what} is no object`)
  return value as Json
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
