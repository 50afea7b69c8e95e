import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const mount = (...args: string[]) => spawnSync('mount', ['-t', 'tmpfs', ...args], { encoding: 'utf8' })
const umount = (dir: string) => spawnSync('umount', ['--lazy', dir])

/** Puts a disk of its own on a folder until the test is over. `options` are tmpfs's, such as `size=64m`. */
export function smallDisk(t: { teardown(fn: () => void): void }, dir: string, options: string): void {
  mkdirSync(dir, { recursive: true })
  const { status, stderr } = mount('-o', options, 'tmpfs', dir)
  if (status !== 0) throw new Error(`no disk on ${dir}: ${stderr}`)
  t.teardown(() => umount(dir))
}

/** Why there can be no small disk here, in one line, or false. */
export function noSmallDisk(dir: string): string | false {
  const { status, stderr, error } = mount('-o', 'size=1m', 'tmpfs', dir)
  if (status === 0) umount(dir)
  return status === 0
    ? false
    : `a full disk needs the right to mount one: ${(error?.message ?? stderr).trim()}`
}

/** Fills the disk of a folder but for so many bytes. Returns what makes room again. */
export function fill(dir: string, leave: number): () => void {
  const file = join(dir, 'filler')
  const { bavail, bsize } = statfsSync(dir)
  const fd = openSync(file, 'w')
  const piece = Buffer.alloc(1 << 20)
  for (let rest = bavail * bsize - leave; rest > 0; rest -= piece.length)
    writeSync(fd, piece, 0, Math.min(rest, piece.length))
  closeSync(fd)
  return () => rmSync(file)
}

/** Takes all but so many of the files a disk may hold. Returns what makes room again. */
export function takeFiles(dir: string, leave: number): () => void {
  const folder = join(dir, 'fillers')
  mkdirSync(folder)
  const { ffree } = statfsSync(dir)
  for (let i = 0; i < ffree - leave; i++) closeSync(openSync(join(folder, String(i)), 'w'))
  return () => rmSync(folder, { recursive: true })
}
