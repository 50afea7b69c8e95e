import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Place } from '../engine/cli/commands/place.ts'

export interface Letter {
  readonly event_id: string
  readonly stage: string
  readonly reason: string
  readonly origin: string
  readonly payload_bytes: number
  readonly payload_sha256: string | null
  readonly payload_ref: string | null
}

interface Found {
  /** Events by the Unix second of their time. */
  readonly events: readonly number[]
  /** Ads by their id. */
  readonly ads: readonly string[]
  /** Dead letters by their origin. */
  readonly letters: readonly Letter[]
}

/** What is in the warehouse after an `ingest`, and what that said beside its summary. */
export interface Ingested extends Found {
  readonly err: string
  /** The data directory. */
  readonly dir: string
}

/** A stack trace, as Node or ClickHouse writes one. */
export const STACK = /^\s+at .+[:(]|node:internal|Stack trace/m

const FOUND = `WITH tuple(event_id, stage, reason, origin, payload_bytes, payload_sha256, payload_ref) AS letter
  SELECT (SELECT arraySort(groupArray(toUnixTimestamp(event_time))) FROM stratum.events) AS events,
    (SELECT arraySort(groupArray(assumeNotNull(ad_id))) FROM stratum.ad_metrics_daily_current) AS ads,
    (SELECT arraySort(x -> x.origin, groupArray(letter::Tuple(event_id String, stage String, reason String, origin String,
      payload_bytes UInt64, payload_sha256 Nullable(String), payload_ref Nullable(String)))) FROM stratum.dead_letters) AS letters`

/**
 * Writes files into a folder of their own and ingests it into a data directory of its own, with the program as
 * anybody runs it. Whatever the files are, nothing of them may be lost silently: that is held here.
 */
export async function ingested(
  t: Pick<Test, 'equal' | 'match' | 'notMatch'>,
  { cwd, stratum, json, write }: Place,
  connector: readonly string[],
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Ingested> {
  const folder = `${connector[0]}-${name}`
  mkdirSync(join(cwd, folder))
  for (const [file, content] of Object.entries(files)) write(join(folder, file), content)
  const dir = `${folder}.data`
  const args = [...connector, '--set', `path=${folder}`, '--tenant', 'demo', '--data', dir, '--json']
  const { code, out, err } = await stratum('ingest', ...args)
  t.equal(code, 0, err)
  t.notMatch(out + err, STACK, 'no stack trace')
  const [found] = await json<[Found]>('query', FOUND, '--data', dir)
  const { events, ads, letters } = found
  const written = events.length + ads.length
  // Every row is in the warehouse or in the dead letters, and is counted there once.
  t.match(JSON.parse(out), {
    read: written + letters.length,
    written,
    dead_lettered: letters.length,
    repeats: 0,
  })
  const verdict = await stratum('verify', '--exactly-once', '--data', dir)
  t.equal(verdict.code, 0, verdict.err)
  return { events, ads, letters, err, dir: join(cwd, dir) }
}
