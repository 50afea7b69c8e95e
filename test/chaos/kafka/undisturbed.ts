import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Contents } from '../compare.ts'
import { ROOT } from '../life.ts'
import type { FeedOptions } from './feed.ts'

const FEED = fileURLToPath(new URL('./feed.js', import.meta.url))

/** The same slices through the embedded program, which nobody disturbs: what every table and view then holds. */
export async function undisturbed(slices: string, folder: string): Promise<Contents> {
  const dataDir = join(folder, 'undisturbed')
  const options: FeedOptions = { folder: slices, batch: 500, dataDir, brokers: null }
  const { stdout } = await promisify(execFile)(process.execPath, [FEED, JSON.stringify(options)], {
    cwd: ROOT,
    maxBuffer: 1 << 26,
  })
  rmSync(dataDir, { recursive: true })
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Contents
}
