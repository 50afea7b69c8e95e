import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Ask } from '../../codec/registry/ask.ts'
import { messageOf } from '../../errors.ts'
import type { Cut, Cutting } from '../cut.ts'
import {
  type Answer,
  errorOf,
  failureOf,
  type Inquiry,
  type Question,
  type Reply,
  type ThreadData,
} from './messages.ts'

interface Waiting {
  resolve(cut: Cut): void
  reject(error: Error): void
}

/**
 * Makes cuts in a thread of its own: decoding records and writing blocks takes as long as the stages' own work.
 * `ask` is asked for schemas that the thread meets and does not know.
 */
export function cutInThread(workerData: ThreadData, ask: Ask): Cutting {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData })
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let death: Error | null = null
  const die = (why: string, cause?: unknown) => {
    death ??= new Error(`the thread that makes blocks ${why}`, { cause })
    for (const { reject } of waiting.values()) reject(death)
    waiting.clear()
  }
  worker.on('error', error => die(`died: ${messageOf(error)}`, error))
  worker.on('exit', () => die('ended early'))
  const reply = async ({ inquiry, ids }: Inquiry) => {
    const said: Reply = await ask(ids).then(
      schemas => ({ inquiry, schemas }),
      error => ({ inquiry, failed: failureOf(error) }),
    )
    worker.postMessage(said)
  }
  worker.on('message', (answer: Answer | Inquiry) => {
    if ('inquiry' in answer) return void reply(answer)
    const { resolve, reject } = waiting.get(answer.id)!
    waiting.delete(answer.id)
    if ('failed' in answer) return reject(errorOf(answer.failed))
    const { native, ...rest } = answer.cut
    resolve({ ...rest, native: Buffer.from(native.buffer, native.byteOffset, native.byteLength) })
  })
  return {
    cut: order =>
      new Promise((resolve, reject) => {
        if (death) return reject(death)
        const id = asked++
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, order } satisfies Question)
      }),
    async close() {
      if (death) return
      worker.postMessage('close')
      await once(worker, 'exit')
    },
  }
}
