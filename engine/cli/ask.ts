import { resolve } from 'node:path'
import type { Scheduling } from '../connect/scheduling.ts'
import { callControl, NoEngine } from '../control/index.ts'
import { StratumError } from '../errors.ts'
import { holdsLog } from '../log/lmdb/env.ts'
import { operations } from '../ops/index.ts'
import type { OperationContext } from '../ops/operation.ts'
import { owner } from '../owner/lock.ts'
import { silent } from '../runtime/options.ts'
import type { Stores } from '../runtime/stores.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { DataOptions, Session } from './kit/index.ts'
import { type MakeApplication, openData, settingsOf, usesKafka } from './open.ts'

/**
 * Asks an operation of a data directory: of the engine that runs on it, or on the spot where none does. Yields the
 * items of its answer.
 */
export async function* ask(
  make: MakeApplication,
  options: DataOptions,
  session: Session,
  name: string,
  args: Readonly<Record<string, unknown>>,
): AsyncGenerator<unknown> {
  const settings = settingsOf(options)
  if (owner(settings.dataDir)) {
    try {
      yield* callControl(settings.dataDir, name, args, { signal: session.signal })
      return
    } catch (error) {
      if (!(error instanceof NoEngine)) throw error
      // The owner serves no control socket (an ingest, say), or has just ended: the lock below says which.
    }
  }
  if (!usesKafka(settings)) refuseWithoutData(settings.dataDir)
  const data = await openData(make, settings, `stratum ${name}`, silent, {
    loadState: name.startsWith('verify'),
  })
  try {
    yield* itemsOf(operations[name]!(contextOf(data.stores, null), args, session.signal))
  } finally {
    await data.close()
  }
}

/** The one value of an operation that gives one. */
export async function askOne<T>(...of: Parameters<typeof ask>): Promise<T> {
  let value: unknown
  for await (const item of ask(...of)) value = item
  return value as T
}

/** Items until the session is stopped: for a command whose work is done when somebody has seen enough. */
export async function* untilStopped<T>(session: Session, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    if (!session.signal.aborted || error !== session.signal.reason) throw error
  }
}

/** Looking at a directory must not make one: whoever mistypes its name would be told that there is no data. */
export function refuseWithoutData(dir: string): void {
  if (holdsLog(dir)) return
  throw new StratumError(
    'NOT_FOUND',
    `there is no data in ${resolve(dir)}: name another directory with --data DIR, or let stratum ingest or stratum start make this one`,
  )
}

export function contextOf(
  stores: Stores,
  engine: OperationContext['engine'],
  metrics: Metrics | null = null,
  scheduling: Scheduling | null = null,
): OperationContext {
  let warehouse: ReturnType<Stores['warehouse']> | undefined
  return {
    stores,
    engine,
    metrics,
    scheduling,
    warehouse: () => {
      warehouse ??= stores.warehouse()
      return warehouse
    },
  }
}

/** A result as items: of an iterable, of an array, or the one there is. */
export async function* itemsOf(result: Promise<unknown> | AsyncIterable<unknown>): AsyncGenerator<unknown> {
  if (typeof result === 'object' && Symbol.asyncIterator in result) return yield* result
  const value = await result
  if (Array.isArray(value)) yield* value
  else yield value
}
