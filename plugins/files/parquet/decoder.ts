import { type Schema, tableFromIPC } from 'apache-arrow'
import { PayloadError } from '../../errors.ts'
import { type Columns, columnsOf } from '../columns/columns.ts'
import { assertUnchanged, type FileEntry } from '../listing.ts'
import type { Answer, Question } from './protocol.ts'
import { DecodeFailure, DecoderThread } from './thread.ts'

export interface ParquetRows {
  readonly rows: number
  readonly schema: Schema
  /**
   * The rows behind the first `from`, as columns, `size` rows a batch at most. Only the named columns are decoded
   * (`device.category` names one inside a record); each must be in the schema. Once a file that was opened.
   */
  read(columns: readonly string[], from: number, size: number): AsyncGenerator<ColumnBatch, void, void>
}

export interface ColumnBatch {
  readonly columns: Columns
  /** Rows of `columns` to leave out at the front: they were read before. */
  readonly skip: number
  /** The file's row number (from 0) of the first row of `columns`. */
  readonly first: number
}

/**
 * Reads Parquet files one after the other. Decoding runs in a thread beside the caller, one batch ahead of it.
 * A file that cannot be decoded is a PayloadError which says how many rows came before; the next file gets a
 * new thread.
 */
export class ParquetDecoder {
  #thread: DecoderThread | null = null

  async open(file: FileEntry, signal: AbortSignal): Promise<ParquetRows> {
    const ask = (question: Question) => this.#ask(question, file, signal)
    const opened = await ask({ ask: 'open', path: file.path }).catch((error: unknown) => {
      throw damaged(error, file, 0)
    })
    if (opened.answer !== 'opened') throw new TypeError('the decoder gave another answer')
    const { groups } = opened
    const { schema } = tableFromIPC(opened.schema)
    const rows = groups.reduce((sum, n) => sum + n, 0)
    const close = () => this.#close(signal)
    return { rows, schema, read }

    async function* read(
      columns: readonly string[],
      from: number,
      size: number,
    ): AsyncGenerator<ColumnBatch> {
      // Whole row groups are skipped and never a part of one: batches then begin at the same rows on every read,
      // so that a damaged file gives the same rows however often reading was interrupted.
      let skip = 0
      let first = 0
      while (skip < groups.length && first + groups[skip]! <= from) first += groups[skip++]!
      try {
        if (skip === groups.length) return
        await ask({ ask: 'start', columns, size, skip })
        let coming = ask({ ask: 'next' })
        for (;;) {
          const answer = await coming
          if (answer.answer !== 'batch' || answer.ipc === null) break
          coming = ask({ ask: 'next' })
          coming.catch(() => undefined)
          const batch = columnsOf(tableFromIPC(answer.ipc))
          const start = first
          first += batch.length
          if (first > from) yield { columns: batch, skip: Math.max(0, from - start), first: start }
        }
      } catch (error) {
        throw damaged(error, file, first)
      } finally {
        await close()
      }
    }
  }

  /** Ends the thread. Call it when the last file is read. */
  async end(): Promise<void> {
    await this.#thread?.end()
    this.#thread = null
  }

  async #ask(question: Question, file: FileEntry, signal: AbortSignal): Promise<Answer> {
    if (question.ask === 'open') {
      if (!this.#thread?.usable) this.#thread = new DecoderThread()
    }
    try {
      return await this.#thread!.ask(question, signal)
    } catch (error) {
      // A file that was replaced under the reader is not a damaged file.
      if (error instanceof DecodeFailure) await assertUnchanged(file)
      throw error
    }
  }

  async #close(signal: AbortSignal): Promise<void> {
    if (!this.#thread?.usable) return
    await this.#thread.ask({ ask: 'close' }, signal).catch(() => undefined)
  }
}

function damaged(error: unknown, file: FileEntry, rows: number): unknown {
  if (!(error instanceof DecodeFailure)) return error
  const reason = `the Parquet file is damaged or truncated: ${oneLine(error.message)}; ${rows} rows read before`
  return new PayloadError(reason, { origin: file.name, cause: error })
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
