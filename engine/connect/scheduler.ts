import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, StratumError } from '../errors.ts'
import type { Running } from '../runtime/running.ts'
import type { Source, SourceConfig } from '../source/port.ts'
import type { SyncReport } from '../source/sync-run.ts'
import { explained, troubleKind } from '../source/trouble.ts'
import type { Catalogue } from '../store/catalogue/port.ts'
import { type Connection, type Connections, type Ended, logName } from './connections.ts'
import { KeptTokens } from './kept-tokens.ts'
import type { Held, Locks } from './locks.ts'
import { parseSchedule } from './schedule.ts'
import type { ConnectionState } from './told.ts'
import type { Vault } from './vault.ts'

export interface SchedulerOptions {
  readonly engine: Pick<Running, 'sync'>
  readonly sources: readonly Source[]
  readonly catalogue: Catalogue
  readonly connections: Connections
  readonly locks: Locks
  readonly vault: Vault
  /** UTC microseconds. */
  readonly now: () => number
  /** Syncs at once in this process. */
  readonly concurrency: number
  /** Only this connection, by its name in the log. */
  readonly only?: string
  /** How often it looks for what is due. Milliseconds (1000). */
  readonly pollMs?: number
  /** A connection can be used from now on, or cannot: see `tellConnection`. */
  readonly told?: (connection: Connection, state: ConnectionState) => Promise<void>
  tell(event: SchedulerEvent): void
}

export type SchedulerEvent =
  | { readonly what: 'begun'; readonly connection: string }
  | { readonly what: 'ended'; readonly connection: string; readonly end: Ended; readonly ms: number }
  | { readonly what: 'notice'; readonly connection: string; readonly message: string }
  /** The catalogue is away, or a connection could not be looked at. */
  | { readonly what: 'trouble'; readonly error: unknown }

/** Tries in a row of a platform that is away, before the run has failed and waits for its next time. */
const MAX_TRIES = 5
/** After a failure the next try comes sooner than the next day, and later each time. Microseconds. */
const FIRST_RETRY_US = 60_000_000
const LAST_RETRY_US = 3_600_000_000

/**
 * Runs the connections of all tenants when they are due, each in one process at a time and no two on one account of
 * a platform. Any number of processes may have one.
 */
export class Scheduler {
  readonly #o: SchedulerOptions
  readonly #stop = new AbortController()
  readonly #running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>()
  #loop: Promise<void> = Promise.resolve()

  constructor(options: SchedulerOptions) {
    this.#o = options
  }

  start(): void {
    this.#loop = this.#run()
  }

  /** Runs are cut off at their last committed batch; the next one goes on there. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the scheduler stops'))
    await this.#loop
    await Promise.all([...this.#running.values()].map(r => r.done))
  }

  async #run(): Promise<void> {
    const { pollMs = 1000, tell } = this.#o
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        await this.#dropWithdrawn()
        await this.#startDue()
      } catch (error) {
        tell({ what: 'trouble', error })
      }
      await sleep(pollMs, undefined, { signal }).catch(() => {})
    }
  }

  /** What was paused or removed while it ran stops. */
  async #dropWithdrawn(): Promise<void> {
    if (this.#running.size === 0) return
    const kept = await this.#o.connections.list(null)
    const wanted = new Set(kept.filter(c => !c.isPaused).map(logName))
    for (const [name, { stop }] of this.#running)
      if (!wanted.has(name)) stop.abort(new Error(`${name} was paused or removed`))
  }

  async #startDue(): Promise<void> {
    const { concurrency, connections, only } = this.#o
    const free = concurrency - this.#running.size
    if (free <= 0) return
    let started = 0
    for (const connection of await connections.due(only === undefined ? concurrency * 4 : 100_000)) {
      if (started === free || this.#stop.signal.aborted) return
      const name = logName(connection)
      if (this.#running.has(name) || (only !== undefined && only !== name)) continue
      if (await this.#start(connection)) started++
    }
  }

  /** False: another process has it, or its account. */
  async #start(connection: Connection): Promise<boolean> {
    const { sources, connections, locks, tell } = this.#o
    const name = logName(connection)
    const source = sources.find(s => s.id === connection.source)
    if (!source) {
      // Another release has it: nothing is lost, and it is not this one's to judge.
      tell({
        what: 'trouble',
        error: new StratumError('NOT_FOUND', `${name}: there is no such connector here`),
      })
      return false
    }
    let config: SourceConfig
    try {
      config = await connections.config(connection)
    } catch (error) {
      await this.#end(connection, this.#o.now(), { error, report: null })
      return false
    }
    const held = await locks.take([name, ...accountsOf(source, config)])
    if (!held) return false
    const stop = new AbortController()
    const done = this.#sync(connection, source, config, held, stop)
      .catch(error => tell({ what: 'trouble', error }))
      .finally(() => this.#running.delete(name))
    this.#running.set(name, { stop, done })
    return true
  }

  async #sync(
    connection: Connection,
    source: Source,
    config: SourceConfig,
    held: Held,
    stop: AbortController,
  ): Promise<void> {
    const { engine, catalogue, connections, vault, locks, now, tell } = this.#o
    const { tenant } = connection
    const name = logName(connection)
    const signal = AbortSignal.any([this.#stop.signal, stop.signal, held.lost])
    const began = now()
    try {
      await connections.begun(connection)
      tell({ what: 'begun', connection: name })
      const report = await engine.sync({
        source,
        config,
        tenant,
        connection: name,
        clockMode: 'live',
        signal,
        maxTries: MAX_TRIES,
        tokens: new KeptTokens(catalogue, vault, locks, connection, signal),
        notice: message => tell({ what: 'notice', connection: name, message }),
      })
      await this.#end(connection, began, { error: null, report })
    } catch (error) {
      // Cut off: it is still due, and whoever takes it goes on where it was.
      if (!signal.aborted) await this.#end(connection, began, { error, report: null })
    } finally {
      await held.release()
    }
  }

  async #end(
    connection: Connection,
    began: number,
    { error, report }: { error: unknown; report: SyncReport | null },
  ): Promise<void> {
    const { connections, now, tell } = this.#o
    const schedule = parseSchedule(connection.schedule, connection.timezone, logName(connection))
    const next = schedule.after(now())
    const end: Ended =
      error === null
        ? {
            status: 'OK',
            records: report!.read,
            deadLetters: report!.deadLettered,
            error: null,
            nextRunAt: next,
          }
        : failed(connection, error, next, now())
    // Told first: a process that ends in between tells it again.
    await this.#tellState(connection, end).catch(cause => tell({ what: 'trouble', error: cause }))
    await connections.ended(connection, began, end)
    tell({ what: 'ended', connection: logName(connection), end, ms: (now() - began) / 1000 })
  }

  async #tellState(connection: Connection, end: Ended): Promise<void> {
    const state = stateAfter(connection, end)
    if (state !== null) await this.#o.told?.(connection, state)
  }
}

/** How it can be used after a run; null: as before. */
function stateAfter({ status: before }: Connection, { status }: Ended): ConnectionState | null {
  if (status === 'BLOCKED') return 'EXPIRED'
  return status === 'OK' && before !== 'OK' ? 'CONNECTED' : null
}

/** What would fail the same way again waits for somebody; the rest is tried again, sooner than the schedule says. */
function failed(connection: Connection, error: unknown, next: number | null, now: number): Ended {
  const kind = troubleKind(error)
  const isLasting =
    kind === 'config' ||
    kind === 'auth' ||
    (error instanceof StratumError && (error.code === 'CONFIG_INVALID' || error.code === 'STORE_REFUSED'))
  const retry = now + Math.min(LAST_RETRY_US, FIRST_RETRY_US * 2 ** connection.failures)
  return {
    status: isLasting ? 'BLOCKED' : 'FAILED',
    records: null,
    deadLetters: null,
    error:
      messageOf(explained(connection.source, error)) +
      (kind === 'auth' && (error as { lack?: unknown }).lack !== 'permission' ? change(connection) : ''),
    nextRunAt: isLasting ? null : next === null ? retry : Math.min(retry, next),
  }
}

const change = ({ name, tenant }: Connection): string =>
  `: \`stratum connections change ${name} --tenant ${tenant} --settings FILE\``

/** Accounts of the platform that no two syncs may read at once. */
const accountsOf = (source: Source, config: SourceConfig): string[] =>
  source.accounts(config).map(account => `${source.id}/account/${account}`)
