import type { Cursor, Span } from './cursor.ts'

/** A slice of one of several parts. */
export interface PartSlice<Part, Slice> {
  readonly part: Part
  readonly slice: Slice
}

export interface EachState<State> {
  readonly version: 1
  /** By the part's key. A part that is not asked for any more keeps its own. */
  readonly parts: Readonly<Record<string, State>>
  /** Of a run that is under way: the keys of the parts it has read. */
  readonly done: readonly string[]
}

export interface EachOptions<Part, Slice, State, Context> {
  /** Asked once a run; their order is kept. */
  readonly parts: (context: Context) => readonly Part[] | Promise<readonly Part[]>
  /** Stable for ever: what a part is remembered by. */
  readonly key: (part: Part) => string
  readonly cursor: (part: Part) => Cursor<Slice, State, Context>
}

/**
 * Parts that are read one after the other, each by a cursor and a state of its own: the accounts of a connection,
 * whose days are in different zones. A run that was cut off leaves out the parts it had read.
 */
export function each<Part, Slice, State, Context>(
  field: string | null,
  { parts, key, cursor }: EachOptions<Part, Slice, State, Context>,
): Cursor<PartSlice<Part, Slice>, EachState<State>, Context> {
  return {
    field,
    async *spans(context, state) {
      const all = await parts(context)
      const known: Record<string, State> = { ...state?.parts }
      // What was still to be read may have been taken off meanwhile: then the run is over.
      const before = all.every(part => state?.done.includes(key(part))) ? [] : (state?.done ?? [])
      const done = [...before]
      const left = all.filter(part => !before.includes(key(part)))
      for (const [index, part] of left.entries()) {
        const name = key(part)
        for await (const [span, isLast] of marked(cursor(part).spans(context, known[name] ?? null))) {
          const ended = index === left.length - 1 ? [] : [...done, name]
          const parted: Span<PartSlice<Part, Slice>, EachState<State>> = {
            slice: { part, slice: span.slice },
            from: span.from,
            at: next => ({
              version: 1,
              parts: { ...known, [name]: span.at(next) },
              done: next === null && isLast ? ended : [...done],
            }),
          }
          yield parted
          known[name] = span.at(null)
        }
        done.push(name)
      }
    },
  }
}

/** Each item, and whether it is the last. */
async function* marked<T>(items: AsyncIterable<T>): AsyncGenerator<readonly [T, boolean]> {
  let held: { item: T } | null = null
  for await (const item of items) {
    if (held) yield [held.item, false]
    held = { item }
  }
  if (held) yield [held.item, true]
}
