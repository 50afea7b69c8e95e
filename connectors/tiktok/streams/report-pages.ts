import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { PayloadError } from '../../../plugins/errors.ts'
import type { HttpContext, Position } from '../../../plugins/http/index.ts'
import type { TikTok } from '../api/client.ts'
import { type Json, listOf } from '../api/envelope.ts'
import { createTask, type Task, taskResult } from '../api/report-task.ts'

const REPORT = 'report/integrated/get/'
/** Says that only the newest 20,000 ads are in a report. */
const CUT_OFF = 'x-tt-ads-throttle'
/** Rows of a task's report that are handed on at once. */
const TASK_ROWS = 1000

export interface ReportPage {
  readonly rows: readonly unknown[]
  readonly next: Position | null
  readonly origin: string
}

/** A report page by page. One that would be cut off is asked for as a task, and read from its first row. */
export async function* reportPages(
  client: TikTok,
  query: Json,
  from: Position | null,
  context: HttpContext,
): AsyncGenerator<ReportPage> {
  const advertiserId = String(query.advertiser_id)
  if (typeof from === 'object' && from !== null) {
    const task = { advertiserId, id: String(from.task) }
    yield* taskPages(client, query, task, Number(from.row), context)
    return
  }
  const origin = `${REPORT} of advertiser ${advertiserId}`
  for await (const { body, answer, next } of client.list(REPORT, query, from)) {
    if (answer.header(CUT_OFF) !== null) {
      yield* taskPages(client, query, await createTask(client, query), 0, context)
      return
    }
    yield { rows: listOf(body, REPORT), next, origin }
  }
}

async function* taskPages(
  client: TikTok,
  query: Json,
  task: Task,
  begin: number,
  context: HttpContext,
): AsyncGenerator<ReportPage> {
  const origin = `report task ${task.id} of advertiser ${task.advertiserId}`
  const text = await taskResult(client, task, context)
  let rows: Json[] = []
  let read = 0
  for await (const row of rowsOf(text, query, origin)) {
    if (read++ < begin) continue
    // Only now it is known that there is one behind the page.
    if (rows.length === TASK_ROWS) {
      yield { rows, next: { task: task.id, row: read - 1 }, origin }
      rows = []
    }
    rows.push(row)
  }
  yield { rows, next: null, origin }
}

/** Lines of the file in the form that a synchronous report has. @throws payload: a column is missing */
async function* rowsOf(text: string, query: Json, origin: string): AsyncGenerator<Json> {
  const dimensions = query.dimensions as readonly string[]
  const metrics = query.metrics as readonly string[]
  let columns: readonly string[] = []
  const parser = Readable.from([text]).pipe(
    parse({ bom: true, columns: (names: string[]) => (columns = names), relax_column_count: true }),
  )
  let isChecked = false
  for await (const line of parser as AsyncIterable<Json>) {
    const missing = isChecked ? undefined : [...dimensions, ...metrics].find(name => !columns.includes(name))
    if (missing !== undefined)
      throw new PayloadError(`the file has no column ${missing}: it has ${columns.join(', ')}`, { origin })
    isChecked = true
    yield { dimensions: pick(line, dimensions), metrics: pick(line, metrics) }
  }
}

const pick = (line: Json, names: readonly string[]): Json =>
  Object.fromEntries(names.map(name => [name, line[name]]))
