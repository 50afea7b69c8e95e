import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Codec, Reader } from '../codec/codec.ts'
import { toJson } from '../control/json.ts'
import type { LogRecord } from '../log/port.ts'
import { shownRecord } from '../ops/shown-record.ts'
import type { Input } from './extent.ts'

const AT_ONCE = 1 << 20

/** One NDJSON file a topic: records in the order in which their folds wrote them, decoded as `stratum tap` shows them. */
export class Files {
  readonly #dir: string
  readonly #reader: Reader
  readonly #open = new Map<string, File>()

  constructor(dir: string, codec: Codec) {
    this.#dir = dir
    this.#reader = codec.reader()
  }

  /** A file for each topic, also where nothing is written to it. `topics`: full names. */
  async begin(topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      const handle = await open(join(this.#dir, `${topic.replace(/^stratum\./, '')}.ndjson`), 'wx')
      this.#open.set(topic, { handle, lines: [], size: 0, numbers: new Map() })
    }
  }

  add(
    { topic: from, partition: of }: Input,
    topic: string,
    partition: number,
    records: readonly LogRecord[],
  ) {
    const file = this.#open.get(topic)!
    const place = `${from}/${of}>${partition}`
    let number = file.numbers.get(place) ?? 0
    for (const record of records) {
      const row = { topic, partition, from: `${from}/${of}`, number: number++ }
      const line = toJson({ ...row, ...shownRecord(record, this.#reader) })
      file.lines.push(line)
      file.size += line.length
    }
    file.numbers.set(place, number)
  }

  /** Writes down what has gathered, when it is enough. */
  flush(least = AT_ONCE): Promise<void> | undefined {
    const full = [...this.#open.values()].filter(file => file.size > 0 && file.size >= least)
    if (full.length === 0) return undefined
    return Promise.all(full.map(write)).then(() => {})
  }

  async close(): Promise<void> {
    await this.flush(0)
    for (const { handle } of this.#open.values()) await handle.close()
    this.#open.clear()
  }
}

interface File {
  readonly handle: FileHandle
  lines: string[]
  size: number
  /** Records so far, by fold and partition: they are numbered from 0. */
  readonly numbers: Map<string, number>
}

async function write(file: File): Promise<void> {
  const text = `${file.lines.join('\n')}\n`
  file.lines = []
  file.size = 0
  await file.handle.appendFile(text)
}
