import { readdirSync, readFileSync } from 'node:fs'

/** MiB. `pss` shares what several processes map; `anon` is without mapped files (jars, LMDB). */
export interface Memory {
  readonly rss: number
  readonly pss: number
  readonly anon: number
}

/** Memory of a process and all its descendants, as it is now. */
export function treeMemory(pid: number): Memory {
  const sum = { rss: 0, pss: 0, anon: 0 }
  for (const member of tree(pid)) {
    const text = read(`/proc/${member}/smaps_rollup`)
    const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024
    sum.rss += mib('Rss')
    sum.pss += mib('Pss')
    sum.anon += mib('Anonymous')
  }
  return sum
}

/** CPU time a process and its living descendants have taken. Seconds. */
export function treeCpu(pid: number): number {
  let ticks = 0
  for (const member of tree(pid)) {
    // After the name, which may hold anything: state is 0, user time 11, system time 12.
    const fields = read(`/proc/${member}/stat`).split(') ').at(-1)!.split(' ')
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  }
  return ticks / TICKS_A_SECOND
}

/** Of Linux, whatever the machine. */
const TICKS_A_SECOND = 100

export const larger = (a: Memory, b: Memory): Memory => ({
  rss: Math.max(a.rss, b.rss),
  pss: Math.max(a.pss, b.pss),
  anon: Math.max(a.anon, b.anon),
})

function tree(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    // After the name, which may hold anything: state, parent.
    const parent = Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const found = [root]
  for (const pid of found) found.push(...(children.get(pid) ?? []))
  return found
}

/** Nothing of a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
