/** Moves between states, laid out by where they start: those of state i are from `rows[i]` to before `rows[i + 1]`. */
export interface Moves {
  readonly rows: Int32Array
  readonly to: Int32Array
  readonly moves: Float64Array
}

export interface MoveCounter {
  /** Counts the moves along a way through states. */
  along(way: readonly number[], times: number): void
  /** What was counted, of so many states. */
  counted(states: number): Moves
}

/** Of two states a number below 2^53 is made. */
export const MOST_STATES = 2 ** 26
/** A square of so many states is 2 MB, and counts in it three times as fast as in a map. */
const FEW_STATES = 512

/** @param most states that there can be */
export function moveCounter(most: number): MoveCounter {
  return most <= FEW_STATES ? square(most) : sparse()
}

function square(most: number): MoveCounter {
  const counts = new Float64Array(most * most)
  return {
    along(way, times) {
      for (let i = 1; i < way.length; i++) counts[way[i - 1]! * most + way[i]!]! += times
    },
    counted(states) {
      const all: [number, number, number][] = []
      for (let from = 0; from < states; from++)
        for (let to = 0; to < states; to++) {
          const count = counts[from * most + to]!
          if (count > 0) all.push([from, to, count])
        }
      return byState(all, states)
    },
  }
}

function sparse(): MoveCounter {
  const counts = new Map<number, number>()
  return {
    along(way, times) {
      for (let i = 1; i < way.length; i++) {
        const move = way[i - 1]! * MOST_STATES + way[i]!
        counts.set(move, (counts.get(move) ?? 0) + times)
      }
    },
    counted(states) {
      const all = [...counts].map(([move, count]): [number, number, number] => {
        const from = Math.floor(move / MOST_STATES)
        return [from, move - from * MOST_STATES, count]
      })
      return byState(all, states)
    },
  }
}

/** Counted moves by state, in the order given. */
export function byState(
  all: readonly (readonly [from: number, to: number, times: number])[],
  states: number,
): Moves {
  const rows = new Int32Array(states + 1)
  for (const [from] of all) rows[from + 1]!++
  for (let i = 0; i < states; i++) rows[i + 1]! += rows[i]!
  const next = rows.slice()
  const to = new Int32Array(all.length)
  const moves = new Float64Array(all.length)
  for (const [from, until, times] of all) {
    const at = next[from]!++
    to[at] = until
    moves[at] = times
  }
  return { rows, to, moves }
}
