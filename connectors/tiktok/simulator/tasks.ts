import { createHash } from 'node:crypto'
import { invalid, ok, Refusal, type Told } from './answer.ts'
import type { Row } from './entities.ts'
import type { Asked } from './params.ts'
import type { Platform } from './platform.ts'
import { type ReportQuery, reportQueryOf } from './report-query.ts'
import type { Reports } from './reports.ts'

interface Task {
  readonly query: ReportQuery
  readonly asOf: number
  polls: number
}

/** Reports made in the background: `report/task/create/`, `check/`, `download/`, and the file behind the link. */
export class Tasks {
  readonly #platform: Platform
  readonly #reports: Reports
  readonly #tasks = new Map<string, Task>()
  /** How many were asked for. */
  created = 0

  constructor(platform: Platform, reports: Reports) {
    this.#platform = platform
    this.#reports = reports
  }

  create(asked: Asked): Told {
    const query = reportQueryOf(asked, true)
    this.#platform.advertiser(query.advertiserId)
    if (asked.text('output_format') !== 'CSV_DOWNLOAD')
      invalid('output_format: only CSV_DOWNLOAD is simulated')
    if (asked.value('enable_report_title_translation') !== false)
      invalid('enable_report_title_translation: translated titles are not simulated')
    const id = String(7_000_000_000_000 + ++this.created)
    this.#tasks.set(id, { query, asOf: this.#platform.asOf, polls: 0 })
    return ok({ task_id: id })
  }

  check(asked: Asked): Told {
    const task = this.#task(asked)
    const isReady = task.polls++ >= (this.#platform.options.taskPolls ?? 2)
    return ok({ status: isReady ? 'SUCCESS' : task.polls === 1 ? 'QUEUING' : 'PROCESSING' })
  }

  download(asked: Asked, origin: string): Told {
    const task = this.#task(asked)
    if (task.polls <= (this.#platform.options.taskPolls ?? 2)) throw new Refusal(40201, 'Task is not ready')
    const id = asked.needed('task_id')
    const link = `${origin}/files/${id}.csv?sign=${this.#sign(id)}`
    return ok({ download_url: link, file_name: `${id}.csv`, output_format: 'CSV_DOWNLOAD' })
  }

  /** Null: there is no such file, or the link is not one that was given. */
  file(id: string, sign: unknown): string | null {
    const task = this.#tasks.get(id)
    if (!task || sign !== this.#sign(id)) return null
    const rows = this.#reports.rows(task.query, this.#reports.nodes(task.query), task.asOf)
    return csvOf(rows.map(row => ({ ...(row.dimensions as Row), ...(row.metrics as Row) })))
  }

  /** All tasks are forgotten. */
  forget(): void {
    this.#tasks.clear()
  }

  #task(asked: Asked): Task {
    const task = this.#tasks.get(asked.needed('task_id'))
    if (!task || task.query.advertiserId !== asked.needed('advertiser_id'))
      throw new Refusal(40007, 'The task does not exist')
    return task
  }

  #sign(id: string): string {
    return createHash('sha256').update(`${this.#platform.world.seed} ${id}`).digest('hex').slice(0, 24)
  }
}

function csvOf(rows: readonly Row[]): string {
  if (rows.length === 0) return ''
  const names = Object.keys(rows[0]!)
  const lines = rows.map(row => names.map(name => quoted(String(row[name]))).join(','))
  return `\uFEFF${[names.join(','), ...lines].join('\r\n')}\r\n`
}

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
