import { once } from 'node:events'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './machine.ts'
import { type Server, startServer } from './server.ts'
import type { Fault, Watched } from './warehouse/faults.ts'
import type { Insert, ProgramOptions } from './warehouse/program.ts'
import type { Users } from './warehouse/statements.ts'

const PROGRAM = fileURLToPath(new URL('./warehouse/program.js', import.meta.url))

export interface WarehouseOptions {
  /** `default` without a password when left out. */
  readonly users?: Users
  /** After how long an idle connection is closed; 3 s, as old servers do. */
  readonly keepAliveMs?: number
  readonly tls?: NonNullable<ProgramOptions['tls']>
  /** A folder to keep; without it, a temporary one that `stop` removes. */
  readonly dir?: string
}

export interface WarehouseServer extends Server {
  readonly url: string
  /** Adds faults to those in force. They are gone when the process is. */
  fault(...faults: readonly Fault[]): Promise<void>
  faults(): Promise<Watched[]>
  /** Nothing goes wrong any more. */
  heal(): Promise<void>
  /** The inserts this process has met, in order. */
  inserts(): Promise<Insert[]>
  /** Resolves when the process has ended, by a fault say. */
  ended(): Promise<void>
}

/**
 * ClickHouse's HTTP interface over chDB, in a process of its own. Faults can be set from elsewhere too: POST a list
 * of them to `/__faults`, DELETE it to have none (over plain HTTP only).
 */
export async function startWarehouse(options: WarehouseOptions = {}): Promise<WarehouseServer> {
  const { users = { default: { password: '' } }, keepAliveMs = 3000, tls } = options
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'stratum-warehouse-'))
  mkdirSync(dir, { recursive: true })
  const port = await freePort()
  const scheme = tls ? 'https' : 'http'
  const url = `${scheme}://127.0.0.1:${port}`
  const given: ProgramOptions = { dir, port, users, keepAliveMs, ...(tls ? { tls } : {}) }
  const server = await startServer({
    dir,
    child: {
      command: process.execPath,
      args: [PROGRAM, JSON.stringify(given)],
      log: join(dir, 'server.log'),
    },
    answers: () => listens(port),
    keep: options.dir !== undefined,
  })
  const control = async <T>(path: string, init?: RequestInit): Promise<T> =>
    (await (await fetch(`${url}${path}`, init)).json()) as T
  return Object.assign(server, {
    url,
    fault: async (...faults: readonly Fault[]) => {
      await control('/__faults', { method: 'POST', body: JSON.stringify(faults) })
    },
    faults: () => control<Watched[]>('/__faults'),
    heal: async () => {
      await control('/__faults', { method: 'DELETE' })
    },
    inserts: () => control<Insert[]>('/__inserts'),
    ended: async () => {
      while (isAlive(server.pid)) await wait(20)
    },
  })
}

async function listens(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
