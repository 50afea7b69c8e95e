import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Why strace cannot be used here, or null. */
export function noStrace(): string | null {
  const { error, status, stderr } = spawnSync('strace', [
    '-qq',
    '-e',
    'trace=none',
    process.execPath,
    '-e',
    '',
  ])
  if (error) return 'strace is not installed'
  return status === 0 ? null : `strace may not trace here (${String(stderr).trim().split('\n')[0]})`
}

/** Linux on ARM has no rename call of its own; both names stand for the call that moves a part into place. */
const RENAME = process.arch === 'x64' ? 'rename' : 'renameat'

/**
 * Kills the program as it enters its nth rename. A part is renamed from `tmp_insert_…` by plain `rename`, files of
 * tables and views by `renameat2`, so that the nth insert (or merge) is what is meant.
 */
export const killAtRename = (nth: number, trace: string): string[] => inject(RENAME, nth, trace)

/** Kills the program as it enters its nth write into a file: for the log, in the middle of a commit. */
export const killAtWrite = (nth: number, file: string, trace: string): string[] =>
  inject('pwrite64,pwritev', nth, trace, ['-P', file])

const inject = (calls: string, nth: number, trace: string, more: readonly string[] = []): string[] => [
  'strace',
  ...['-f', '-qq', '-o', trace, ...more],
  ...['-e', `trace=${calls}`, '-e', `inject=${calls}:signal=KILL:when=${nth}`],
]

/** The call that was under way when the program was killed, as strace wrote it down; null without one. */
export function lastCall(trace: string): string | null {
  const lines = readFileSync(trace, 'utf8').split('\n')
  return lines.findLast(line => /\b(rename|renameat|pwrite64|pwritev)\(/.test(line)) ?? null
}
