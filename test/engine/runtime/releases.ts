import { defineKind, field, type Kind } from '../../../engine/codec/kind.ts'
import { deadLetterKind } from '../../../engine/deadletter/dead-letter.ts'
import type { EngineOptions } from '../../../engine/runtime/options.ts'
import { plan } from '../../../engine/runtime/plan.ts'
import { prepare } from '../../../engine/runtime/prepare.ts'
import { openStores, type Stores } from '../../../engine/runtime/stores.ts'
import type { Change } from '../../../engine/sink/plan.ts'
import type { TableSpec } from '../../../engine/sink/table.ts'
import type { Source } from '../../../engine/source/port.ts'
import { type Stage, stage } from '../../../engine/stage/stage.ts'
import type { Application, Task, Topic } from '../../../engine/stage/topology.ts'
import type { StateSchema } from '../../../engine/state/keyed.ts'
import { openChdb } from '../../../engine/store/clickhouse.ts'
import type { Warehouse } from '../../../engine/store/warehouse.ts'
import { engineOptions } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'

export const factKind = defineKind<never>('fact', [field('n', 'long')])

export const things: TableSpec = {
  name: 'things',
  comment: 'Things',
  version: 1,
  from: { topic: 'results', kind: 'fact' },
  time: 'day',
  orderBy: ['tenant_id', 'day'],
  columns: [
    { name: 'tenant_id', type: 'LowCardinality(String)' },
    { name: 'day', type: 'Date' },
  ],
}

export const stageOf = (name: string, version: number, state?: StateSchema<unknown>): Stage =>
  stage({ name, version, ...(state ? { state } : {}), on: {} })

export interface Parts {
  readonly stages?: readonly Stage[]
  readonly tasks?: readonly Task[]
  readonly topics?: readonly Topic[]
  readonly kinds?: readonly Kind[]
  readonly tables?: readonly TableSpec[]
  readonly sources?: readonly Source[]
}

/** A small release: facts in, results out. */
export function release({
  stages = [stageOf('count', 1)],
  tasks = [],
  topics = [],
  kinds = [factKind],
  tables = [things],
  sources = [],
}: Parts = {}): Application {
  return {
    sources,
    topics: [
      { name: 'facts', route: 'key', cleanup: 'delete', kinds },
      { name: 'results', route: 'input', cleanup: 'delete', kinds },
      { name: 'deadletters', route: 'input', cleanup: 'delete', kinds: [deadLetterKind] },
      ...topics,
    ],
    tasks: [{ name: 'work', from: 'facts', stages, emits: ['results'] }, ...tasks],
    tables,
  }
}

interface Tap {
  teardown(fn: () => void | Promise<void>): void
}

/** Data directories that releases are put on one after the other. One warehouse serves them all. */
export class Place {
  readonly #warehouse: Promise<Warehouse>
  readonly #t: Tap
  #places = 0

  constructor(t: Tap) {
    this.#t = t
    this.#warehouse = openChdb(temporaryFolder(t))
    t.teardown(async () => (await this.#warehouse).close())
  }

  /** A new directory. What it gives runs on it with a release, and closes it again. */
  empty() {
    const dir = temporaryFolder(this.#t)
    const warehouse = { database: `place_${++this.#places}`, retentionYears: 10 }
    const on = async <T>(
      app: Application,
      work: (stores: Stores, warehouse: Warehouse) => Promise<T>,
      options: Partial<EngineOptions> = {},
    ): Promise<T> => {
      const stores = await openStores(app, engineOptions(dir, { ...options, warehouse }))
      try {
        return await work(stores, await this.#warehouse)
      } finally {
        await stores.close()
      }
    }
    return {
      on,
      plan: (app: Application, options?: Partial<EngineOptions>, lose: readonly string[] = []) =>
        on(app, async (stores, w) => shortly(await plan(stores, w, lose)), options),
      start: (app: Application, options?: Partial<EngineOptions>) =>
        on(app, async (s, w) => shortly(await prepare(s, w, { apply: false, lose: [] })), options),
      apply: (app: Application, lose: readonly string[] = [], options?: Partial<EngineOptions>) =>
        on(app, async (s, w) => shortly(await prepare(s, w, { apply: true, lose })), options),
    }
  }
}

/** `state count: alter: …`, as a person reads it. */
const shortly = (changes: readonly Change[]) =>
  changes.map(
    ({ what, name, action, loss, detail }) => `${what} ${name}: ${action}${loss ? ' (loss)' : ''}: ${detail}`,
  )
