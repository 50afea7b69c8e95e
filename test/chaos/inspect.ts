import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Contents } from './compare.ts'
import { live, type Program } from './life.ts'

const run = promisify(execFile)
const CONTENTS = fileURLToPath(new URL('./contents.js', import.meta.url))

/** What every table and view of a data directory that nobody uses holds. */
export async function contentsOf(dir: string): Promise<Contents> {
  const { stdout } = await run(process.execPath, [CONTENTS, dir], { maxBuffer: 1 << 24 })
  return JSON.parse(stdout) as Contents
}

/** `stratum verify --exactly-once`: what it finds wrong, or null. */
export async function verdictOf(dir: string, env: Program['env']): Promise<string | null> {
  const life = await live({ args: ['verify', '--exactly-once', '--data', dir], env })
  return life.code === 0 ? null : `verify --exactly-once: ${`${life.stdout}${life.stderr}`.trim()}`
}

/** Files a killed program has left at the top of its data directory, and no later start has taken away. */
export function litter(dir: string): string[] {
  return readdirSync(dir).filter(name => /^insert-\d+-\d+\.native$|\.tmp$/.test(name))
}
