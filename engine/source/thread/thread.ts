import { on } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import { messageOf } from '../../errors.ts'
import type { EncodedBatch } from '../encode.ts'
import { limiterOfProcess } from '../limits/limiter.ts'
import { connectionKey } from '../raw.ts'
import type { Reading, ReadingOptions } from '../reading.ts'
import { memoryTokens } from '../tokens.ts'
import { Answerer, type Call } from './calls.ts'
import { type Answer, type Open, type ThreadData, unpack, unpackError, type Wish } from './messages.ts'

/** Batches read ahead: one is under way while one is committed. */
const AHEAD = 2

export interface ThreadOptions extends ReadingOptions {
  readonly module: string
  readonly schemas: ThreadData['schemas']
}

/** Reads in a thread of its own, so that decoding a source neither waits for the stages nor holds them up. */
export function readInThread(options: ThreadOptions): Reading {
  const { module, source, config, tenant, connection, schemas, clock, notice } = options
  const { limiter = limiterOfProcess, tokens = memoryTokens() } = options
  const key = connectionKey(tenant, connection)
  const workerData: ThreadData = {
    module,
    isOwn: source.module === module,
    source: source.id,
    config,
    tenant,
    connection,
    schemas,
    fixed: clock.fixed ?? null,
  }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData })
  let death: Error | null = null
  let ended = false
  const answerer = new Answerer(limiter, tokens, reply => worker.postMessage(reply))
  worker.on('message', (call: Call) => answerer.answer(call))
  worker.on('exit', () => {
    answerer.close()
    ended = true
  })
  worker.on('error', error => {
    death = new Error(`${source.id}: the thread that reads it died: ${messageOf(error)}`, { cause: error })
  })

  const early = () => death ?? new Error(`${source.id}: the thread that reads it ended early`)

  async function* stream(
    spec: Open['stream'],
    state: unknown,
    signal: AbortSignal,
  ): AsyncGenerator<EncodedBatch, void, void> {
    if (signal.aborted) return
    if (ended) throw early()
    const { port1, port2 } = new MessageChannel()
    const wish = (w: Wish) => port1.postMessage(w)
    const stop = () => wish('stop')
    const answers = on(port1, 'message', { close: ['close'] })
    signal.addEventListener('abort', stop, { once: true })
    try {
      worker.postMessage({ stream: spec, state, port: port2 } satisfies Open, [port2])
      for (let i = 0; i < AHEAD; i++) wish('more')
      for await (const [answer] of answers as AsyncIterable<[Answer]>) {
        if (answer.type === 'end') return
        if (answer.type === 'failed') throw unpackError(answer.error)
        if (answer.type === 'notice') notice(answer.message)
        else {
          yield unpack(answer.batch, key)
          wish('more')
        }
      }
      // The port closed without a last word.
      throw early()
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
      port1.close()
    }
  }

  return {
    stream,
    async close() {
      await worker.terminate()
    },
  }
}
