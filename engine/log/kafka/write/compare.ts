import { StratumError } from '../../../errors.ts'
import type { OffsetRecord, Position } from '../state/entry.ts'

export interface Compared {
  readonly writer: string
  /** What the changelog's last transaction says; where it has none, of every place that there is nothing (null). */
  readonly offsets: { readonly seq: number; readonly positions: readonly Said[] }
  readonly consumerGroup: (group: string) => string
  /** What a consumer group shows. */
  readonly shown: (group: string, topic: string, partition: number) => Promise<number | null>
  /** The changelog's last transaction, read anew. */
  readonly again: () => Promise<OffsetRecord | undefined>
  readonly wait: (ms: number) => Promise<unknown>
}

type Said = Omit<Position, 'next'> & { readonly next: number | null }

/** How often, and how far apart (milliseconds), a difference is looked at. */
const LOOKS = 6
const APART_MS = 500

/**
 * A group's offsets travel in the same transactions as its changelog: when they say otherwise, somebody has moved
 * them. Or a newer writer has taken over meanwhile and commits: then the changelog goes on too, a moment before the
 * offsets or after them, since a transaction does not end on all partitions at once.
 * @throws StratumError WRITER_FENCED: a newer writer commits; LOG_CORRUPT: the offsets were moved
 */
export async function compare(o: Compared): Promise<void> {
  for (let look = 1; ; look++) {
    const moved = await difference(o)
    if (moved === null) return
    if (look === LOOKS) throw movedOffsets(moved)
    await o.wait(APART_MS)
    const now = await o.again()
    if (now !== undefined && now.seq !== o.offsets.seq) throw fenced(o.writer)
  }
}

export const fenced = (group: string, cause?: unknown) =>
  new StratumError('WRITER_FENCED', `A newer writer of group ${group} has taken over.`, { cause })

interface Moved {
  readonly group: string
  readonly found: number
  readonly at: Said
}

async function difference({ offsets, consumerGroup, shown }: Compared): Promise<Moved | null> {
  for (const at of offsets.positions) {
    const group = consumerGroup(at.group)
    const found = await shown(group, at.topic, at.partition)
    // A group that nobody asked for in a week is forgotten by its broker: nothing was moved.
    if (found !== at.next && found !== null) return { group, found, at }
  }
  return null
}

const movedOffsets = ({ group, found, at: { topic, partition, next } }: Moved) =>
  new StratumError(
    'LOG_CORRUPT',
    next === null
      ? `Consumer group ${group} stands at ${found} of ${topic}/${partition}, and the state that was committed with it is gone: stratum.state was deleted or made anew. Going on would count with nothing in mind. Bring it back, or begin anew: delete the topics and consumer groups whose names begin with stratum.`
      : `Consumer group ${group} stands at ${found} of ${topic}/${partition}, and what has been committed with it goes to ${next}. Its offsets were changed from outside: set them to ${next} again (kafka-consumer-groups --reset-offsets --to-offset ${next}), for moving them would count records twice or not at all.`,
  )
