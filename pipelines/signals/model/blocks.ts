/** Counts of the last two days in blocks of twelve hours: what is older is overwritten, so a count is a sum of five. */

const BLOCK_US = 12 * 3_600_000_000
/** Two days, and the block that is not full yet. */
export const BLOCKS = 5

export interface Blocks {
  /** The number of the newest block, counted from 1970. */
  newest: number
  readonly counts: number[]
}

export const noBlocks = (): Blocks => ({ newest: 0, counts: new Array(BLOCKS).fill(0) as number[] })

/** The block of a time, UTC microseconds. */
export const blockOf = (at: number): number => Math.floor(at / BLOCK_US)

/** Adds to the block of a time; what is older than all of them counts nowhere. */
export function addTo(blocks: Blocks, at: number, n = 1): void {
  const block = blockOf(at)
  advance(blocks, block)
  if (block > blocks.newest - BLOCKS) blocks.counts[block % BLOCKS]! += n
}

/** The sum of the blocks that are in the window at a time. */
export function sumAt(blocks: Readonly<Blocks>, at: number): number {
  const oldest = blockOf(at) - BLOCKS
  let sum = 0
  for (let block = Math.max(oldest + 1, blocks.newest - BLOCKS + 1); block <= blocks.newest; block++)
    sum += blocks.counts[block % BLOCKS]!
  return sum
}

function advance(blocks: Blocks, block: number): void {
  if (block <= blocks.newest) return
  const stale = Math.min(BLOCKS, block - blocks.newest)
  for (let i = 0; i < stale; i++) blocks.counts[(block - i) % BLOCKS] = 0
  blocks.newest = block
}
