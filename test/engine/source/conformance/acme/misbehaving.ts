import type { Source, SourceBatch } from '../../../../../engine/source/port.ts'

type Read = Source['read']

const withRead = (source: Source, read: (inner: Read) => Read): Source => ({
  ...source,
  read: read(source.read.bind(source)),
})

/** Reads on from the third state of `daily` as if it were the one so many further. */
export function misplaced(source: Source, by: number): Source {
  const states: string[] = []
  return withRead(
    source,
    inner =>
      async function* (stream, context): AsyncGenerator<SourceBatch> {
        const at = states.indexOf(JSON.stringify(context.state))
        const state = stream === 'daily' && at === 2 ? JSON.parse(states[at + by]!) : context.state
        for await (const batch of inner(stream, { ...context, state })) {
          const text = JSON.stringify(batch.state)
          if (stream === 'daily' && !states.includes(text)) states.push(text)
          yield batch
        }
      },
  )
}

/** A later run of `ads` ends where none had been. */
export const forgetful = (source: Source): Source =>
  withRead(
    source,
    inner =>
      async function* (stream, context): AsyncGenerator<SourceBatch> {
        const { since, run } = (context.state ?? {}) as { since?: number; run?: unknown }
        const later = stream === 'ads' && run === null && since !== null
        for await (const batch of inner(stream, context))
          yield later ? { ...batch, state: { version: 1, since: null, run: null } } : batch
      },
  )

/** Hears no abort. */
export const deaf = (source: Source): Source =>
  withRead(
    source,
    inner => (stream, context) => inner(stream, { ...context, signal: new AbortController().signal }),
  )

/** Takes an abort for the end of the stream, and says that it has read all. */
export const hasty = (source: Source): Source =>
  withRead(
    source,
    inner =>
      async function* (stream, context): AsyncGenerator<SourceBatch> {
        try {
          yield* inner(stream, context)
        } catch (error) {
          if (!context.signal.aborted) throw error
          const through = '2026-06-15'
          yield { records: [], state: { version: 1, through, since: context.now(), next: null, run: null } }
        }
      },
  )
