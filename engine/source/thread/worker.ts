import { parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../clock/clock.ts'
import { Codec } from '../../codec/codec.ts'
import { EmbeddedRegistry } from '../../codec/registry/embedded.ts'
import { importConnector } from '../installed/load.ts'
import type { Source } from '../port.ts'
import { rawKind } from '../raw.ts'
import { readHere } from '../reading.ts'
import { type Call, Caller, type Reply } from './calls.ts'
import { type Answer, type Open, pack, packError, type ThreadData, type Wish } from './messages.ts'

/** The thread of one connection: reads its streams as it is asked to, and hands the batches over encoded. */
const { module, isOwn, source: id, config, tenant, connection, schemas, fixed } = workerData as ThreadData
const source = isOwn
  ? await importConnector(module)
  : ((await import(module)) as { sources: readonly Source[] }).sources.find(s => s.id === id)
if (!source) throw new Error(`${module} exports no source ${id}`)
const codec = new Codec(EmbeddedRegistry.inMemory(schemas, async () => []))
for (const stream of source.streams) await codec.register(rawKind(id, stream))
const clock = fixed === null ? systemClock : () => fixed

const caller = new Caller((call: Call) => parentPort!.postMessage(call))

parentPort!.on('message', (message: Open | Reply) => {
  if ('reply' in message) caller.hear(message)
  else void serve(message)
})

async function serve({ stream, state, port }: Open): Promise<void> {
  const stopped = new AbortController()
  const { signal } = stopped
  const wishes = new Wishes()
  const tell = (answer: Answer, transfer: ArrayBuffer[] = []) => port.postMessage(answer, transfer)
  port.on('message', (wish: Wish) => {
    if (wish === 'stop') stopped.abort()
    wishes.come()
  })
  const notice = (message: string) => tell({ type: 'notice', message })
  const { limiter, tokens } = caller
  const told = { config, tenant, connection, codec, clock, notice, limiter, tokens }
  const reading = readHere({ source: source!, ...told })
  try {
    for await (const batch of reading.stream(stream, state, signal)) {
      await wishes.next()
      if (signal.aborted) break
      const packed = pack(batch)
      tell({ type: 'batch', batch: packed }, [packed.values.buffer, packed.ends.buffer])
    }
    tell({ type: 'end' })
  } catch (error) {
    tell({ type: 'failed', error: packError(error) })
  } finally {
    port.close()
  }
}

/** How many batches are wanted and not yet there. */
class Wishes {
  #open = 0
  #wake: () => void = () => {}

  come(): void {
    this.#open++
    this.#wake()
  }

  async next(): Promise<void> {
    while (this.#open === 0)
      await new Promise<void>(done => {
        this.#wake = done
      })
    this.#open--
  }
}
