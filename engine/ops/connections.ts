import { setTimeout as sleep } from 'node:timers/promises'
import { isoTime } from '../clock/iso.ts'
import { merge, validate } from '../config/index.ts'
import { type Connection, logName, shown } from '../connect/connections.ts'
import { KeptTokens } from '../connect/kept-tokens.ts'
import { parseSchedule } from '../connect/schedule.ts'
import { tellConnection } from '../connect/told.ts'
import { sourceContext } from '../source/context.ts'
import type { Source, SourceConfig } from '../source/port.ts'
import { explained } from '../source/trouble.ts'
import { isTenant } from '../tenant.ts'
import { type Args, textArg, unknownName, usage } from './args.ts'
import type { Operation, OperationContext } from './operation.ts'

/** A connection as it is shown: times in ISO 8601, secrets not at all. */
export interface ShownConnection {
  readonly tenant: string
  readonly name: string
  readonly connector: string
  readonly status: string
  readonly schedule: string
  readonly paused: boolean
  readonly next_run: string | null
  readonly last_run: string | null
  readonly records: number | null
  readonly dead_letters: number | null
  readonly error: string | null
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/

export const addConnection: Operation = async (context, args, signal) => {
  const { stores, scheduling } = context
  const { tenant, name } = whose(args)
  if (!NAME.test(name))
    throw usage(
      `name "${name}" must be 1 to 63 small letters, digits, - or _, and begin with a letter or digit`,
    )
  const source = sourceOf(context, textArg(args, 'connector') ?? '')
  const config = validate(source.spec, args.config ?? {}, `configuration of ${source.id}`) as SourceConfig
  const { clock } = stores.options
  const made = {
    tenant,
    name,
    source: source.id,
    config,
    schedule: textArg(args, 'schedule') ?? 'every 6h',
    timezone: textArg(args, 'timezone') ?? 'UTC',
    nextRunAt: null,
  }
  const schedule = parseSchedule(made.schedule, made.timezone, logName(made))
  const { connections } = await stores.connect()
  await connections.add(made, source.spec)
  if (args.check !== false)
    try {
      await checkOne(context, await connections.get(tenant, name), signal)
    } catch (error) {
      await connections.remove(tenant, name)
      throw error
    }
  // The first sync comes at once: nobody connects something to see it tomorrow.
  if (schedule.after(clock()) !== null) await connections.callFor(tenant, name)
  await scheduling?.begin()
  return document(await connections.get(tenant, name))
}

/**
 * Tells one anew some of what it is told, a token that has ended above all: what it has read stays read, and it goes on
 * there. One that does not connect so is left as it was.
 */
export const changeConnection: Operation = async (context, args, signal) => {
  const { stores, scheduling } = context
  const { tenant, name } = whose(args)
  const { connections } = await stores.connect()
  const before = await connections.get(tenant, name)
  const source = sourceOf(context, before.source)
  const told = merge(await connections.config(before), (args.config ?? {}) as SourceConfig)
  const made = {
    tenant,
    name,
    source: source.id,
    config: validate(source.spec, told, `configuration of ${source.id}`) as SourceConfig,
    schedule: textArg(args, 'schedule') ?? before.schedule,
    timezone: textArg(args, 'timezone') ?? before.timezone,
  }
  const { clock } = stores.options
  const isDue = parseSchedule(made.schedule, made.timezone, logName(made)).after(clock()) !== null
  const asItWas = await connections.told(tenant, name)
  // Not due before it is known to connect.
  await connections.put({ ...made, nextRunAt: null }, source.spec)
  if (args.check !== false)
    try {
      await checkOne(context, await connections.get(tenant, name), signal)
    } catch (error) {
      await connections.tellAgain(tenant, name, asItWas)
      throw error
    }
  if (isDue && !before.isPaused) await connections.callFor(tenant, name)
  await scheduling?.begin()
  return document(await connections.get(tenant, name))
}

export const listConnections: Operation = async ({ stores }, args) => {
  const tenant = textArg(args, 'tenant') ?? null
  const { connections } = await stores.connect()
  return (await connections.list(tenant)).map(document)
}

export const showConnection: Operation = async (context, args) => {
  const { tenant, name } = whose(args)
  const { connections } = await context.stores.connect()
  const connection = await connections.get(tenant, name)
  const source = context.stores.app.sources.find(s => s.id === connection.source)
  return { ...document(connection), config: source ? shown(connection.config, source.spec) : {} }
}

export const checkConnection: Operation = async (context, args, signal) => {
  const { tenant, name } = whose(args)
  const { connections } = await context.stores.connect()
  const connection = await connections.get(tenant, name)
  await checkOne(context, connection, signal)
  return { tenant, name, connector: connection.source, status: 'ok' }
}

export const pauseConnection: Operation = async ({ stores }, args) => {
  const { tenant, name } = whose(args)
  const { connections } = await stores.connect()
  const changed = await connections.setPaused(tenant, name, true, null)
  await tellConnection(stores, await connections.get(tenant, name), 'PAUSED')
  return { ...document(await connections.get(tenant, name)), changed }
}

export const resumeConnection: Operation = async ({ stores, scheduling }, args) => {
  const { tenant, name } = whose(args)
  const { connections } = await stores.connect()
  const connection = await connections.get(tenant, name)
  const { schedule } = connection
  const next = schedule === 'manual' ? null : stores.options.clock()
  const changed = await connections.setPaused(tenant, name, false, next)
  await tellConnection(stores, connection, 'CONNECTED')
  await scheduling?.begin()
  return { ...document(await connections.get(tenant, name)), changed }
}

export const removeConnection: Operation = async ({ stores }, args) => {
  const { tenant, name } = whose(args)
  const { connections } = await stores.connect()
  const connection = await connections.get(tenant, name)
  await connections.remove(tenant, name)
  await tellConnection(stores, connection, 'DISCONNECTED')
  return { tenant, name, removed: true }
}

/** Calls for a run and waits for its end, by whichever process takes it. */
export const syncConnection: Operation = async ({ stores, scheduling }, args, signal) => {
  const { tenant, name } = whose(args)
  const { connections } = await stores.connect()
  const asked = stores.options.clock()
  const before = await connections.get(tenant, name)
  if (before.isPaused)
    throw usage(`${name} is paused: \`stratum connections resume ${name} --tenant ${tenant}\` first`)
  await connections.callFor(tenant, name)
  await scheduling?.begin()
  for (;;) {
    const now = await connections.get(tenant, name)
    if (now.endedAt !== null && now.endedAt >= asked && now.status !== 'RUNNING') return document(now)
    await sleep(200, undefined, { signal })
  }
}

export const rekeyConnections: Operation = async ({ stores }) => {
  const { connections } = await stores.connect()
  return { sealed_anew: await connections.rekey() }
}

async function checkOne(
  context: OperationContext,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  const { catalogue, vault, locks, connections } = await context.stores.connect()
  const source = sourceOf(context, connection.source)
  const config = await connections.config(connection)
  const tokens = new KeptTokens(catalogue, vault, locks, connection, signal)
  try {
    await source.check(sourceContext({ config, signal, tokens, clock: context.stores.options.clock }))
  } catch (error) {
    signal.throwIfAborted()
    throw explained(source.id, error)
  }
}

function whose(args: Args): { tenant: string; name: string } {
  const tenant = textArg(args, 'tenant') ?? ''
  if (!isTenant(tenant)) throw usage('say whose it is: --tenant ID')
  return { tenant, name: textArg(args, 'name') ?? '' }
}

function sourceOf({ stores }: OperationContext, id: string): Source {
  const found = stores.app.sources.find(s => s.id === id)
  if (found) return found
  throw unknownName(
    'connector',
    id,
    stores.app.sources.map(s => s.id),
  )
}

function document(c: Connection): ShownConnection {
  const time = (micros: number | null) => (micros === null ? null : isoTime(micros))
  return {
    tenant: c.tenant,
    name: c.name,
    connector: c.source,
    status: c.isPaused ? 'PAUSED' : c.status,
    schedule: c.schedule,
    paused: c.isPaused,
    next_run: c.isPaused ? null : time(c.nextRunAt),
    last_run: time(c.endedAt),
    records: c.records,
    dead_letters: c.deadLetters,
    error: c.error,
  }
}
