import { PayloadError, RetryableError } from '../../../plugins/errors.ts'
import { type HttpContext, reportJob } from '../../../plugins/http/index.ts'
import { PositionLost } from '../../../plugins/sync/index.ts'
import type { TikTok } from './client.ts'
import { classOf } from './codes.ts'
import { dataOf, type Envelope, type Json } from './envelope.ts'
import { fileAt } from './file.ts'
import { TASK_CREATE } from './limits.ts'

const CHECK = 'report/task/check/'
const DOWNLOAD = 'report/task/download/'

/** A report that is made in the background: its id, and whose it is. */
export interface Task {
  readonly advertiserId: string
  readonly id: string
}

/**
 * Asks for a report as a task: what a synchronous one would cut off at 20,000 ads. Tasks take no filter by status.
 * @throws permission: the app is not on the allow-list for it
 */
export async function createTask(client: TikTok, query: Json): Promise<Task> {
  const { filtering: _, ...rest } = query
  const wanted = { ...rest, output_format: 'CSV_DOWNLOAD', enable_report_title_translation: false }
  // Asked for twice, it is made twice, and one of them is read.
  const body = await client.post<Envelope>(TASK_CREATE, wanted, { idempotent: true })
  const { task_id } = dataOf(body, TASK_CREATE)
  if (typeof task_id !== 'string' || task_id === '')
    throw new PayloadError('the answer has no task_id', { origin: TASK_CREATE })
  return { advertiserId: String(query.advertiser_id), id: task_id }
}

/** The task's report as CSV, once it is made. @throws PositionLost: there is no such task any more */
export async function taskResult(client: TikTok, task: Task, context: HttpContext): Promise<string> {
  const query = { advertiser_id: task.advertiserId, task_id: task.id }
  await reportJob({ poll: () => isMade(client, query) }, context)
  const { download_url } = dataOf(await client.get<Envelope>(DOWNLOAD, query), DOWNLOAD)
  if (typeof download_url !== 'string' || !URL.canParse(download_url))
    throw new PayloadError('the answer has no download_url', { origin: DOWNLOAD })
  return fileAt(download_url, context)
}

async function isMade(client: TikTok, query: Json): Promise<true | null> {
  const { status, message } = dataOf(await known(client.get<Envelope>(CHECK, query)), CHECK)
  if (status === 'SUCCESS') return true
  if (status === 'FAILED' || status === 'CANCELED')
    throw new RetryableError(
      `report task ${query.task_id} ended as ${status}: ${message ?? 'no reason given'}`,
    )
  return null
}

/** A task of before may be forgotten. */
async function known<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (typeof code === 'number' && classOf(code) === 'invalid')
      throw new PositionLost(`the report task is not known any more: ${(error as Error).message}`)
    throw error
  }
}
