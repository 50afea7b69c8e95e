import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const executed = promisify(execFile)

/** Where a command is on this machine, or null. */
export function which(command: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, command)
    if (executable(path)) return path
  }
  return null
}

export function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Runs a command to its end. Anything but success is an error with the end of what it said. */
export async function runToEnd(command: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const { stdout } = await executed(command, [...args], { cwd, maxBuffer: 1 << 26 })
    return stdout
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    const said = `${stdout}\n${stderr}`.trim().slice(-2000)
    throw new Error(`${command} ${args[0] ?? ''} failed: ${said || String(cause)}`, { cause })
  }
}

/** A folder that outlives the run: what is fetched once is kept there. */
export const cacheFolder = (name: string): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'stratum-test', name)

/** A folder of the machine's cache that is made once; what a making that broke off has left goes first. */
export async function madeOnce(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = cacheFolder(name)
  const ready = join(folder, 'ready')
  if (existsSync(ready)) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  await make(folder)
  writeFileSync(ready, '')
  return folder
}

/**
 * A free port on loopback, below the range the system takes for outgoing connections: a client that keeps
 * trying a server which is down would sooner or later be given the server's own port and talk to itself.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    if (await isFree(port)) return port
  }
  throw new Error('no free port on 127.0.0.1 between 10000 and 30000')
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
