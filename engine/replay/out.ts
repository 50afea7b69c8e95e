import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { usage } from '../ops/args.ts'

/** The folder a replay writes to. */
export interface Out {
  /** For state and caches, while it runs. */
  readonly scratch: string
  /** Takes the scratch folder away. */
  finish(): void
  /** Takes everything away that was written: the same folder can be named again. */
  discard(): void
}

/** @throws USAGE: there is something in it */
export function takeOut(dir: string): Out {
  const there = statSync(dir, { throwIfNoEntry: false })
  if (there && !there.isDirectory()) throw usage(`--out ${dir} is a file: name a folder`)
  if (there && readdirSync(dir).length > 0)
    throw usage(`--out ${dir} is not empty: name a folder that is, or one that is not there yet`)
  const scratch = join(dir, '.scratch')
  mkdirSync(scratch, { recursive: true })
  return {
    scratch,
    finish: () => rmSync(scratch, { recursive: true, force: true }),
    discard() {
      // It was empty: all that is in it is ours.
      for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true, force: true })
      if (!there) rmSync(dir, { recursive: true, force: true })
    },
  }
}
