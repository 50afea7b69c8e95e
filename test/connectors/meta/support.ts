import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import meta from '../../../connectors/meta/index.ts'
import { type MetaOptions, MetaSimulator } from '../../../connectors/meta/simulator/index.ts'
import { type ContextOptions, type Pace, sourceContext } from '../../../engine/source/context.ts'
import { unlimited } from '../../../engine/source/limits/limiter.ts'
import type { SourceBatch } from '../../../engine/source/port.ts'
import { type PlainOptions, plainWorld } from '../../../plugins/simulator/world/plain.ts'

interface Tap {
  teardown(work: () => unknown): void
}
export type Row = Readonly<Record<string, unknown>>

export const DAY = 86_400_000_000
export const NOW = Date.UTC(2026, 2, 20, 15, 30) * 1000

export const small = (over: Partial<PlainOptions> = {}) =>
  plainWorld({ seed: 7, firstDay: '2026-02-01', campaigns: 3, zone: 'America/New_York', ...over })

/** Tests have no time: limits are kept only where a test is about them. */
export { unlimited }

const QUICK: Pace = { backOffMs: 1, pollMs: 1 }

export interface Connection extends Partial<MetaOptions> {
  readonly config?: Row
  readonly context?: Partial<ContextOptions>
}

/** A simulated Meta and a connection to it, whose clock the test turns. */
export async function connected(
  t: Tap,
  { config: settings = {}, context: given = {}, ...o }: Connection = {},
) {
  const clock = { now: NOW }
  const simulator = await MetaSimulator.start({
    world: small(),
    now: () => clock.now,
    mostRows: 40,
    jobs: { unseenMs: 2, readyMs: 6 },
    writeDelayMs: 0,
    ...o,
  })
  t.teardown(() => simulator.close())
  const config = { ...simulator.config(), history_days: 40, ...settings }
  const notices: string[] = []
  const context = (over: Partial<ContextOptions> = {}) =>
    sourceContext({
      config,
      clock: () => clock.now,
      limiter: unlimited,
      pace: QUICK,
      notice: message => notices.push(message),
      ...given,
      ...over,
    })
  const batches = async (stream: string, state: unknown = null, over: Partial<ContextOptions> = {}) => {
    const all: SourceBatch[] = []
    for await (const batch of meta.read(stream, { ...context(over), state })) all.push(batch)
    return all
  }
  return {
    simulator,
    clock,
    config,
    notices,
    context,
    batches,
    check: (over: Partial<ContextOptions> = {}) => meta.check(context(over)),
    act: (name: string, params: Row, over: Partial<ContextOptions> = {}) =>
      meta.act(name, params, context(over)),
    async records(stream: string, state: unknown = null) {
      return (await batches(stream, state)).flatMap(batch => batch.records)
    },
  }
}

/** Rows without some fields, as text, in an order of their own. */
export const sorted = (rows: readonly Row[], without: readonly string[] = []): string[] =>
  rows
    .map(row =>
      JSON.stringify(
        Object.entries(row)
          .filter(([name]) => !without.includes(name))
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    )
    .sort()

/** A file of the real samples; null where they are not there. */
export function sample(name: string): Row | null {
  const file = fileURLToPath(new URL(`../../../../../shared/data/meta/${name}`, import.meta.url))
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row) : null
}
