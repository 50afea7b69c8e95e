import { openAsBlob } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import type { ParquetFile, RecordBatch } from 'parquet-wasm'
import type { Answer, Question } from './protocol.ts'

/**
 * Decodes Parquet in a thread of its own. A damaged page makes the WebAssembly decoder panic: the promise it gave
 * never settles, and the error surfaces as an uncaught exception. In a thread it costs the thread and nothing else.
 */
const port = parentPort!
const { ParquetFile: Reader } = createRequire(import.meta.url)(
  'parquet-wasm',
) as typeof import('parquet-wasm')

let file: ParquetFile | null = null
let batches: ReadableStreamDefaultReader<RecordBatch> | null = null

const send = (answer: Answer, transfer: readonly Uint8Array[] = []) =>
  port.postMessage(
    answer,
    transfer.map(bytes => bytes.buffer as ArrayBuffer),
  )

/** A trap of WebAssembly; its class is not among the types of Node. */
const isPanic = (error: unknown): boolean => error instanceof Error && error.name === 'RuntimeError'

process.on('uncaughtException', error => {
  const panic = isPanic(error)
  send({ answer: 'failed', message: panic ? 'a page cannot be decoded' : error.message, panic: true })
})

async function open(path: string): Promise<void> {
  await release()
  file = await Reader.fromFile(await openAsBlob(path))
  const metadata = file.metadata()
  const groups = metadata.rowGroups().map(group => {
    const rows = group.numRows()
    group.free()
    return rows
  })
  metadata.free()
  send({ answer: 'opened', groups, schema: file.schema().intoIPCStream() })
}

async function start(question: Extract<Question, { ask: 'start' }>, groups: number[]): Promise<void> {
  const { columns, size } = question
  const stream: ReadableStream<RecordBatch> = await file!.stream({
    batchSize: size,
    columns: [...columns],
    rowGroups: groups.slice(question.skip),
  })
  batches = stream.getReader()
  send({ answer: 'done' })
}

async function next(): Promise<void> {
  const { value, done } = await batches!.read()
  if (done) {
    send({ answer: 'batch', ipc: null })
    return
  }
  const ipc = value.intoIPCStream()
  send({ answer: 'batch', ipc }, [ipc])
}

/** WebAssembly memory is not collected: it is given back by hand. */
async function release(): Promise<void> {
  await batches?.cancel()
  file?.free()
  batches = null
  file = null
}

const groupNumbers = (): number[] => {
  const metadata = file!.metadata()
  const count = metadata.numRowGroups()
  metadata.free()
  return Array.from({ length: count }, (_, i) => i)
}

async function respond(question: Question): Promise<void> {
  try {
    if (question.ask === 'open') await open(question.path)
    else if (question.ask === 'start') await start(question, groupNumbers())
    else if (question.ask === 'next') await next()
    else {
      await release()
      send({ answer: 'done' })
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    send({ answer: 'failed', message, panic: isPanic(error) })
  }
}

port.on('message', (question: Question) => void respond(question))
