import type { Application } from '../../../engine/stage/topology.ts'
import type { Avro } from './avro.ts'
import type { Records } from './reader.ts'

export interface Origin {
  readonly stage: string
  readonly origin_topic: string | null
  readonly origin_partition: number | null
  readonly origin_offset: number | null
}

/** Asks the warehouse over plain HTTP; rows as arrays of texts. */
export type Ask = (sql: string) => Promise<string[][]>

export const askOver =
  (url: string): Ask =>
  async sql => {
    // Between two checks a server closes what is idle.
    const headers = { connection: 'close' }
    const response = await fetch(url, { method: 'POST', headers, body: `${sql} FORMAT TSV` })
    const text = await response.text()
    if (!response.ok) throw new Error(`the warehouse refuses ${sql}: ${text}`)
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => line.split('\t'))
  }

export function lettersOf(records: Records, avro: Avro): Origin[] {
  return [...records]
    .filter(([name]) => name.startsWith('stratum.deadletters/'))
    .flatMap(([, seen]) => seen.map(({ value }) => avro.decode<Origin>(value!)))
}

/** Adds one to what a map counts. */
function count(counts: Map<string, number>, name: string, n = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + n)
}

/**
 * Table by table: the offsets of the records that fill it are those of its rows and of its dead letters together,
 * each once. What is wrong, a line each.
 */
export async function checkTables(
  app: Application,
  records: Records,
  avro: Avro,
  ask: Ask,
): Promise<{ readonly wrong: string[]; readonly offsets: number }> {
  const wrong: string[] = []
  let offsets = 0
  const letters = lettersOf(records, avro)
  for (const { name, from } of app.tables) {
    const topic = `stratum.${from.topic}`
    const expected = new Set<string>()
    for (const [place, seen] of records)
      if (place.slice(0, place.lastIndexOf('/')) === topic)
        for (const { offset, value } of seen)
          if (value !== null && avro.kind(value) === from.kind) expected.add(`${place}@${offset}`)
    offsets += expected.size
    const found = new Map<string, number>()
    const rows = await ask(
      `SELECT _topic, _partition, _offset, count() FROM stratum.${name} GROUP BY _topic, _partition, _offset`,
    )
    for (const [topic, partition, offset, n] of rows)
      count(found, `${topic}/${partition}@${offset}`, Number(n))
    for (const l of letters)
      if (l.stage === name) count(found, `${l.origin_topic}/${l.origin_partition}@${l.origin_offset}`)
    wrong.push(...compared(name, expected, found))
  }
  return { wrong, offsets }
}

export function compared(
  name: string,
  expected: ReadonlySet<string>,
  found: ReadonlyMap<string, number>,
): string[] {
  const lost = [...expected].filter(place => !found.has(place))
  const doubled = [...found].filter(([, n]) => n > 1).map(([place]) => place)
  const alien = [...found.keys()].filter(place => !expected.has(place))
  const say = (what: string, places: readonly string[]) =>
    places.length === 0 ? [] : [`${name}: ${places.length} ${what} (${places.slice(0, 3).join(', ')})`]
  return [...say('lost', lost), ...say('doubled', doubled), ...say('of no such record', alien)]
}
