import { readdirSync, readFileSync } from 'node:fs'

/**
 * A process, so that it is not taken for a later one with the same pid: `start` is its start time in clock ticks
 * since boot (field 22 of /proc/<pid>/stat, proc(5)), `boot` the boot it belongs to. Both are '0' where there is
 * no /proc: then the pid alone decides.
 */
export interface ProcessId {
  readonly pid: number
  readonly start: string
  readonly boot: string
}

export function ownId(): ProcessId {
  return { pid: process.pid, start: startOf(process.pid)?.start ?? '0', boot: bootId() }
}

/** Whether a process still runs. A killed one that nobody has waited for yet (a zombie) does not. */
export function isAlive({ pid, start, boot }: ProcessId): boolean {
  if (boot !== bootId()) return false
  const now = startOf(pid)
  if (now) return now.start === start && !now.ended
  if (start !== '0') return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function startOf(pid: number): { readonly start: string; readonly ended: boolean } | null {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === null) return null
  // The command, field 2, is in parentheses and may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const zombie = fields[0] === 'Z' || fields[0] === 'X'
  return { start: fields[19] ?? '0', ended: zombie && threads(pid) <= 1 }
}

/** The first thread of a killed process may be gone while another one still finishes a write. */
function threads(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length
  } catch {
    return 0
  }
}

function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id')?.trim().replaceAll('-', '').slice(0, 12) ?? '0'
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
