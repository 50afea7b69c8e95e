import type { PauseKind } from '../runtime/gates.ts'
import { type Args, textArg, unknownName, usage } from './args.ts'
import type { Operation, OperationContext } from './operation.ts'
import { knownTenants } from './tenants.ts'

export interface PauseResult {
  readonly kind: PauseKind
  readonly name: string
  readonly paused: boolean
  /** false: it was so already. */
  readonly changed: boolean
  /** ISO 8601; null when it is not paused. */
  readonly since: string | null
  /** What stands still because of it: `task collect`, `table events`, `syncs of connector ga4`. */
  readonly holds: readonly string[]
  /** Other pauses that keep something of it from going on. */
  readonly still_paused: readonly string[]
  /** `elsewhere`: on Kafka, where any number of workers may run. */
  readonly engine: 'running' | 'stopped' | 'elsewhere'
}

const KINDS: readonly PauseKind[] = ['stage', 'connector', 'tenant']

export const pause: Operation = async (context, args) => {
  const { kind, name } = await what(context, args)
  const { gates, options } = context.stores
  const now = new Date(options.clock() / 1000).toISOString()
  return result(context, kind, name, await gates.pause(kind, name, now))
}

export const resume: Operation = async (context, args) => {
  const { kind, name } = await what(context, args)
  return result(context, kind, name, await context.stores.gates.resume(kind, name))
}

async function what(context: OperationContext, args: Args): Promise<{ kind: PauseKind; name: string }> {
  const kind = KINDS.find(k => k === args.kind)
  const name = textArg(args, 'name')
  if (!kind || name === undefined) throw usage(`one of ${KINDS.map(k => `--${k} NAME`).join(', ')}`)
  // What is paused can be resumed, whether or not this release still knows it.
  if (context.stores.gates.paused(kind, name)) return { kind, name }
  const known = await namesOf(context, kind)
  if (!known.includes(name)) throw unknownName(kind, name, known)
  return { kind, name }
}

async function namesOf(context: OperationContext, kind: PauseKind): Promise<string[]> {
  const { app } = context.stores
  if (kind === 'connector') return app.sources.map(s => s.id)
  if (kind === 'tenant') return knownTenants(context)
  return [...new Set([...app.tasks.flatMap(t => t.stages.map(s => s.name)), ...app.tables.map(t => t.name)])]
}

function result(context: OperationContext, kind: PauseKind, name: string, changed: boolean): PauseResult {
  const { app, gates, options } = context.stores
  const pauses = gates.list()
  const own = pauses.find(p => p.kind === kind && p.name === name)
  const tasks = app.tasks.filter(task => kind === 'stage' && task.stages.some(s => s.name === name))
  const others = tasks.flatMap(task => task.stages.map(s => s.name)).filter(other => other !== name)
  const holds = [
    ...tasks.map(task => `task ${task.name}`),
    ...app.tables.filter(t => kind === 'stage' && t.name === name).map(t => `table ${t.name}`),
    ...(kind === 'stage'
      ? []
      : [`${kind === 'connector' ? 'connector' : 'every connector of tenant'} ${name}`]),
  ]
  return {
    kind,
    name,
    paused: own !== undefined,
    changed,
    since: own?.since ?? null,
    holds,
    still_paused: pauses
      .filter(p => p.kind === 'stage' && others.includes(p.name))
      .map(p => `stage ${p.name}`),
    engine: context.engine ? 'running' : options.kafka ? 'elsewhere' : 'stopped',
  }
}
