import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { SIGNS, TRIGGER, type Trigger } from './trigger.ts'

/** The program and its arguments, as every life runs it. */
export interface Program {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** How a life is to end; nothing: by itself. */
export interface Ending {
  readonly trigger?: Trigger
  /** SIGKILL from outside after this long, to a program that nothing was loaded into. */
  readonly killAfterMs?: number
  /** A command in front of it (strace). */
  readonly under?: readonly string[]
}

export interface Life {
  /** `killed`: as intended. `done`: it came to its end first. `failed`: neither. */
  readonly end: 'killed' | 'done' | 'failed'
  readonly code: number | NodeJS.Signals | null
  readonly commits: number
  readonly inserts: number
  readonly ms: number
  /** Until the first commit; null without one, and where nothing was counted. */
  readonly firstCommitMs: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Longer than any life should take: a program that hangs has lost what it did not write. */
const HUNG_MS = 15 * 60_000

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** The repository's root: two folders above the compiled program's `test/chaos`, and one more. */
export const ROOT = here('../../../')
const STRATUM = here('../../stratum.js')
const FAULT = here('./fault.js')

const children = new Set<number>()
/** Whatever ends this process, its children end first. */
process.on('exit', () => {
  for (const pid of children) killGroup(pid)
})

/** Runs the program once, in a process group of its own. */
export async function live(program: Program, ending: Ending = {}): Promise<Life> {
  const { trigger, killAfterMs, under = [] } = ending
  const bare = killAfterMs !== undefined || under.length > 0
  const preload = bare ? [] : ['--import', FAULT]
  const [command, ...args] = [...under, process.execPath, ...preload, STRATUM, ...program.args]
  const begun = performance.now()
  const child = spawn(command!, args, {
    cwd: ROOT,
    env: { ...process.env, ...program.env, ...(trigger ? { [TRIGGER]: JSON.stringify(trigger) } : {}) },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const pid = child.pid!
  children.add(pid)
  let fired = false
  let hung = false
  let firstCommitMs: number | null = null
  const counts = { commits: 0, inserts: 0 }
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.on('data', (chunk: Buffer) => {
      texts[name] = (texts[name] + chunk).slice(-20_000)
    })
  child.stdio[3]!.on('data', (chunk: Buffer) => {
    for (const sign of chunk.toString('latin1'))
      if (sign === SIGNS.commit) counts.commits++
      else if (sign === SIGNS.insert) counts.inserts++
      else if (sign === SIGNS.fired) fired = true
    if (counts.commits > 0) firstCommitMs ??= performance.now() - begun
  })
  const timers = [setTimeout(() => (hung = killGroup(pid)), HUNG_MS)]
  if (killAfterMs !== undefined) timers.push(setTimeout(() => (fired = killGroup(pid)), killAfterMs))
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(signal ?? code))
  })
  timers.forEach(clearTimeout)
  // strace ends as what it traced ends; a thread of the group may be a moment behind.
  killGroup(pid)
  children.delete(pid)
  const meant = under.length > 0 || fired
  const end = code === 0 ? 'done' : code === 'SIGKILL' && meant && !hung ? 'killed' : 'failed'
  if (hung) texts.stderr += `\nit was still running after ${HUNG_MS / 60_000} minutes`
  return { end, code, ...counts, ms: performance.now() - begun, firstCommitMs, ...texts }
}

/** false when there is nobody left to kill. */
function killGroup(pid: number): boolean {
  try {
    return process.kill(-pid, 'SIGKILL')
  } catch {
    return false
  }
}
