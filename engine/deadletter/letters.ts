import type { Codec } from '../codec/codec.ts'
import type { EventLog } from '../log/port.ts'
import { DEAD_LETTERS, topicName } from '../stage/layout.ts'
import type { DeadLetter } from './dead-letter.ts'
import { deadLetterKind } from './dead-letter.ts'

/** All dead letters in the log, oldest first in each partition. The same refusal said again comes again. */
export async function* lettersOf(log: EventLog, codec: Codec): AsyncGenerator<DeadLetter> {
  const topic = topicName(DEAD_LETTERS)
  const spec = (await log.topics()).find(t => t.name === topic)
  const reader = codec.reader()
  for (let partition = 0; partition < (spec?.partitions ?? 0); partition++) {
    for (let at = (await log.bounds(topic, partition)).start; ; ) {
      const batch = await log.read(topic, partition, at)
      if (!batch) break
      await reader.ready(batch.records)
      for (const { value } of batch.records) {
        if (value === null || reader.kindOf(value) !== deadLetterKind.name) continue
        yield reader.decode(value).value as unknown as DeadLetter
      }
      at = batch.next
    }
  }
}

/** What a search for letters may ask for. */
export interface LetterFilter {
  readonly ids?: readonly string[]
  readonly tenant?: string
  /** Connector, stage or table that refused. */
  readonly stage?: string
  /** Part of the reason. */
  readonly reason?: string
  /** UTC micros. */
  readonly since?: number
}

/** Letters that match, each once: the last word about every refusal. */
export async function findLetters(log: EventLog, codec: Codec, filter: LetterFilter): Promise<DeadLetter[]> {
  const found = new Map<string, DeadLetter>()
  for await (const letter of lettersOf(log, codec))
    if (matches(letter, filter)) found.set(letter.event_id, letter)
  return [...found.values()].sort(
    (a, b) => a.ingest_time - b.ingest_time || (a.event_id < b.event_id ? -1 : 1),
  )
}

/** An id may be given by its beginning. */
function matches(letter: DeadLetter, { ids, tenant, stage, reason, since }: LetterFilter): boolean {
  if (ids && !ids.some(id => letter.event_id.startsWith(id))) return false
  if (tenant !== undefined && letter.tenant_id !== tenant) return false
  if (stage !== undefined && letter.stage !== stage) return false
  if (reason !== undefined && !letter.reason.toLowerCase().includes(reason.toLowerCase())) return false
  return since === undefined || letter.ingest_time >= since
}
