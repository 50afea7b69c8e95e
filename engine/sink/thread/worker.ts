import { parentPort, workerData } from 'node:worker_threads'
import { Codec } from '../../codec/codec.ts'
import type { Ask } from '../../codec/registry/ask.ts'
import { EmbeddedRegistry } from '../../codec/registry/embedded.ts'
import { LmdbLog } from '../../log/lmdb/log.ts'
import { cutHere } from '../cut.ts'
import type { TableSpec } from '../table.ts'
import {
  type Answer,
  answerOf,
  errorOf,
  failureOf,
  type Inquiry,
  type Question,
  type Reply,
  type ThreadData,
} from './messages.ts'

/** The thread that makes cuts: reads the log by itself, so that only finished blocks change hands. */
const { module, dataDir, kinds, schemas } = workerData as ThreadData
const { tables } = (await import(module)) as { tables: readonly TableSpec[] }
const log = new LmdbLog(dataDir, { readOnly: true })
const replies = new Map<number, (reply: Reply) => void>()
let inquiries = 0

const ask: Ask = ids =>
  new Promise((resolve, reject) => {
    const inquiry = inquiries++
    replies.set(inquiry, reply => {
      replies.delete(inquiry)
      if ('failed' in reply) reject(errorOf(reply.failed))
      else resolve(reply.schemas)
    })
    parentPort!.postMessage({ inquiry, ids } satisfies Inquiry)
  })

const codec = new Codec(EmbeddedRegistry.inMemory(schemas, ask))
for (const kind of kinds) await codec.register(kind)
const cutting = cutHere(log, codec.reader(), tables)

parentPort!.on('message', async (question: Question | Reply | 'close') => {
  if (question === 'close') {
    await log.close()
    return parentPort!.close()
  }
  if ('inquiry' in question) return replies.get(question.inquiry)!(question)
  const { id, order } = question
  try {
    log.refresh()
    const answer = answerOf(id, await cutting.cut(order))
    parentPort!.postMessage(answer, 'cut' in answer ? [answer.cut.native.buffer] : [])
  } catch (error) {
    parentPort!.postMessage({ id, failed: failureOf(error) } satisfies Answer)
  }
})
