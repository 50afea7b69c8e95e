import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toJson } from '../control/json.ts'
import type { EngineOptions } from '../runtime/options.ts'
import type { Application } from '../stage/topology.ts'
import { Files } from './files.ts'
import { takeOut } from './out.ts'
import { openPast } from './past.ts'
import { type Compared, type Replayed, replay, type TopicReplayed } from './replay.ts'
import { boundedBy } from './span.ts'
import { targetOf } from './target.ts'
import { type ToldDifference, told } from './told.ts'

export interface Asked {
  /** A task or a stage. */
  readonly pipeline: string
  /** Offsets or instants, as `placeOf` reads them. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly tenant?: string | undefined
  /** An empty folder. */
  readonly out: string
  readonly compare: boolean
}

export interface Summary {
  readonly task: string
  readonly stage: string | null
  readonly from: string | null
  readonly to: string | null
  readonly tenant: string | null
  readonly records_read: number
  readonly records_written: number
  readonly seconds: number
  readonly hash: string
  readonly compared: Compared
  readonly topics: readonly TopicReplayed[]
  readonly difference: ToldDifference | null
  /** What to know of it besides. */
  readonly notes: readonly string[]
}

export interface Around {
  readonly onProgress?: (done: number, total: number) => void
  readonly signal: AbortSignal
}

/**
 * A replay from what was asked for to the files in its folder. What ends it early takes these away again.
 *
 * @throws USAGE: no such task or stage, no such place, a folder that is not empty
 */
export async function replayInto(
  app: Application,
  options: EngineOptions,
  asked: Asked,
  { onProgress, signal }: Around,
): Promise<Summary> {
  const { from, to, tenant, out, compare } = asked
  const target = targetOf(app, asked.pipeline)
  const bounded = boundedBy(from, to)
  const folder = takeOut(out)
  const begun = performance.now()
  try {
    const { scratch } = folder
    const past = await openPast(app, options, scratch)
    const files = new Files(out, past.codec)
    let summary: Summary
    try {
      const how = { app, target, past, bounded, tenant, compare, scratch, files, signal }
      const replayed = await replay({ ...how, ...(onProgress && { onProgress }) })
      summary = {
        task: target.task.name,
        stage: target.stage,
        from: from ?? null,
        to: to ?? null,
        tenant: tenant ?? null,
        records_read: replayed.read,
        records_written: replayed.written,
        seconds: Math.round(performance.now() - begun) / 1000,
        hash: replayed.hash,
        compared: replayed.compared,
        topics: replayed.topics,
        difference: replayed.difference && (await told(past.codec, replayed.difference)),
        notes: [
          ...goneNotes(replayed),
          ...(replayed.difference ? past.changedStages(target.task).map(changedNote) : []),
        ],
      }
    } finally {
      await files.close()
      await past.close()
    }
    writeFileSync(join(out, 'summary.json'), `${toJson(summary, 2)}\n`)
    folder.finish()
    return summary
  } catch (error) {
    folder.discard()
    throw error
  }
}

const goneNotes = ({ cut }: Replayed) =>
  cut.map(
    ({ topic, partition, start }) =>
      `${topic}/${partition} begins at offset ${start}: what was before has gone with its retention, and state that rested on it is missing, so that outputs may be other than the live ones`,
  )

const changedNote = ({ stage, first, version }: { stage: string; first: number; version: number }) =>
  `stage ${stage} has run here since version ${first} and is at ${version}: what earlier versions wrote may differ from what this one writes`
