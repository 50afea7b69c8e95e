import { parentPort, workerData } from 'node:worker_threads'
import { Codec } from '../../codec/codec.ts'
import { EmbeddedRegistry } from '../../codec/registry/embedded.ts'
import { LmdbLog } from '../../log/lmdb/log.ts'
import { cutHere } from '../cut.ts'
import type { TableSpec } from '../table.ts'
import { answerOf, failureOf, type Question, type ThreadData } from './messages.ts'

/** The thread that makes cuts: reads the log by itself, so that only finished blocks change hands. */
const { module, dataDir, kinds, schemas } = workerData as ThreadData
const { tables } = (await import(module)) as { tables: readonly TableSpec[] }
const log = new LmdbLog(dataDir, { readOnly: true })
const codec = new Codec(EmbeddedRegistry.inMemory(schemas))
for (const kind of kinds) await codec.register(kind)
const cutting = cutHere(log, codec.reader(), tables)

parentPort!.on('message', async (question: Question | 'close') => {
  if (question === 'close') {
    await log.close()
    return parentPort!.close()
  }
  const { id, order } = question
  try {
    log.refresh()
    const answer = answerOf(id, await cutting.cut(order))
    parentPort!.postMessage(answer, 'cut' in answer ? [answer.cut.native.buffer] : [])
  } catch (error) {
    parentPort!.postMessage(failureOf(id, error))
  }
})
