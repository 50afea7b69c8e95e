import { StratumError } from '../../errors.ts'
import { type CommitUnit, type LogRecord, type LogWriter, MAX_STATE_KEY_BYTES } from '../port.ts'
import type { Cells } from './cells.ts'
import type { LogEnv } from './env.ts'
import { encodeFrame } from './frame.ts'
import { frameKey, stateKey } from './keys.ts'

/** A frame holds about this much, so that a reader's batch has a bound. */
const FRAME_BYTES = 256 * 1024

/** Commits units: appends, state and positions in one LMDB transaction. */
export class LmdbWriter implements LogWriter {
  readonly group: string
  readonly #epoch: number
  readonly #env: LogEnv
  readonly #cells: Cells
  readonly #arrived: (topic: string, partition: number) => void

  constructor(
    group: string,
    epoch: number,
    env: LogEnv,
    cells: Cells,
    arrived: (topic: string, partition: number) => void,
  ) {
    this.group = group
    this.#epoch = epoch
    this.#env = env
    this.#cells = cells
    this.#arrived = arrived
  }

  async commit(unit: CommitUnit): Promise<void> {
    if (this.#env.closed)
      throw new StratumError('LOG_CLOSED', `The event log is closed: ${this.group} can write no more.`)
    // What the caller got wrong is found before the first byte is written.
    for (const { topic, partition } of unit.appends ?? []) this.#cells.partition(topic, partition)
    for (const { topic, partition } of unit.positions ?? []) this.#cells.partition(topic, partition)
    try {
      this.#env.root.transactionSync(() => {
        if (this.#cells.epoch(this.group) !== this.#epoch)
          throw new StratumError('WRITER_FENCED', `A newer writer of group ${this.group} has taken over.`)
        for (const { topic, partition, records } of unit.appends ?? [])
          this.#append(topic, partition, records)
        for (const part of unit.state ?? []) this.#applyState(part)
        for (const p of unit.positions ?? []) this.#cells.setPosition(p.group, p.topic, p.partition, p.next)
      })
    } catch (error) {
      this.#cells.forget()
      if (error instanceof StratumError) throw error
      throw new StratumError(
        'STORE_UNAVAILABLE',
        `The event log could not be written (${(error as Error).message}). Is the disk full? The work waits and tries again.`,
        { cause: error },
      )
    }
    for (const { topic, partition, records } of unit.appends ?? [])
      if (records.length) this.#arrived(topic, partition)
  }

  #append(topic: string, partition: number, records: readonly LogRecord[]): void {
    const { id } = this.#cells.topic(topic)
    let end = this.#cells.bound('end', id, partition)
    for (const chunk of chunksOf(records)) {
      const base = end
      this.#env.frames.putSync(
        frameKey(id, partition, base),
        encodeFrame(chunk, i => base + i),
      )
      end += chunk.length
    }
    if (records.length) this.#cells.setBound('end', id, partition, end)
  }

  #applyState({ store, changes, deleteRanges = [] }: NonNullable<CommitUnit['state']>[number]): void {
    const { state } = this.#env
    const id = this.#cells.store(store, true)!
    for (const [from, to] of deleteRanges)
      for (const key of [...state.getKeys({ start: stateKey(id, from), end: stateKey(id, to) })])
        state.removeSync(key)
    for (const { key, value } of changes) {
      if (key.length > MAX_STATE_KEY_BYTES)
        throw new StratumError(
          'RECORD_INVALID',
          `${store}: a key of state has ${key.length} bytes, at most ${MAX_STATE_KEY_BYTES} can be stored.`,
        )
      if (value === null) state.removeSync(stateKey(id, key))
      else state.putSync(stateKey(id, key), value)
    }
  }

  async close(): Promise<void> {}
}

function* chunksOf(records: readonly LogRecord[]): Generator<readonly LogRecord[]> {
  let from = 0
  let bytes = 0
  for (let i = 0; i < records.length; i++) {
    bytes += records[i]!.key.length + (records[i]!.value?.length ?? 0) + 32
    if (bytes < FRAME_BYTES && i < records.length - 1) continue
    yield from === 0 && i === records.length - 1 ? records : records.slice(from, i + 1)
    from = i + 1
    bytes = 0
  }
}
