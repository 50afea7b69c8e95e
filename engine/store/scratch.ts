import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

let inserts = 0
const swept = new Set<string>()

/** A file of its own for every insert: the embedded warehouse maps it, and would die if another one truncated it. */
export const scratchFile = (dir: string): string => join(dir, `insert-${process.pid}-${++inserts}.native`)

/**
 * Removes what inserts of a killed process have left, once a process and directory: this process owns the
 * directory, so before its own first insert every such file is a dead one's.
 */
export function sweepScratch(dir: string): void {
  if (swept.has(dir)) return
  swept.add(dir)
  for (const name of readdirSync(dir))
    if (/^insert-\d+-\d+\.native$/.test(name)) rmSync(join(dir, name), { force: true })
}
