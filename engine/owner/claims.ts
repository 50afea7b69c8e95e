import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, ownId, type ProcessId } from './process.ts'

/**
 * A claim to a directory: a file whose name says which process made it, and is never used again. So a claim of a
 * dead process can be removed by anybody at any time, and nobody can remove a living one's by mistake.
 */
export interface Claim extends ProcessId {
  readonly file: string
  /** Known once the claim has won. */
  readonly holder: Holder | null
}

export interface Holder {
  /** What runs, as a person would type it: `stratum start`. */
  readonly command: string
  /** When it took the directory, ISO 8601. */
  readonly since: string
}

export const claimsFolder = (dir: string) => join(dir, 'owner')

/** Makes a claim that has not won yet. */
export function makeClaim(folder: string): string {
  const { pid, start, boot } = ownId()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, [pid, start, boot, randomBytes(6).toString('hex')].join('.'))
  writeFileSync(file, '', { flag: 'wx', mode: 0o600 })
  return file
}

export function confirmClaim(file: string, holder: Holder): void {
  writeFileSync(file, JSON.stringify(holder))
}

export function dropClaim(file: string): void {
  rmSync(file, { force: true })
}

/** Claims of living processes; those of dead ones are removed when `clean`. */
export function livingClaims(folder: string, clean: boolean): Claim[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const living: Claim[] = []
  for (const name of names) {
    const match = /^(\d+)\.(\d+)\.(\w+)\.[0-9a-f]{12}$/.exec(name)
    if (!match) continue
    const id = { pid: Number(match[1]), start: match[2]!, boot: match[3]! }
    const file = join(folder, name)
    if (isAlive(id)) living.push({ ...id, file, holder: readHolder(file) })
    else if (clean) dropClaim(file)
  }
  return living
}

function readHolder(file: string): Holder | null {
  try {
    const text = readFileSync(file, 'utf8')
    return text === '' ? null : (JSON.parse(text) as Holder)
  } catch {
    return null
  }
}
