import { resolve } from 'node:path'
import { merge, parseSets, readConfigMap } from '../../config/index.ts'
import { logName } from '../../connect/connections.ts'
import { StratumError } from '../../errors.ts'
import { operations } from '../../ops/index.ts'
import { owner } from '../../owner/lock.ts'
import { ask, askOne, contextOf } from '../ask.ts'
import { sourceOf } from '../connector.ts'
import {
  addCommand,
  addGroup,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  printRows,
  type Row,
  type Session,
  type SetOptions,
  withData,
  withOutput,
  withSets,
} from '../kit/index.ts'
import { type MakeApplication, observe, openData, settingsOf, usesKafka } from '../open.ts'
import { running } from '../running.ts'
import { scheduling } from '../scheduling.ts'

interface Options extends DataOptions, OutputOptions {
  readonly tenant?: string
}

interface AddOptions extends Options, SetOptions {
  readonly name?: string
  readonly settings?: string
  readonly schedule?: string
  readonly timezone?: string
  readonly check: boolean
}

export function connectionCommands(program: CliCommand, make: MakeApplication): void {
  const group = addGroup(
    program,
    'connections',
    "a tenant's connectors: what they are told, when they are read, how they are doing",
    [
      'stratum connections add meta --name meta-eu --tenant acme --settings meta.yaml --schedule "every 1h"',
      'stratum connections list --tenant acme',
    ],
  )
  addConnection(group, make)
  changeConnection(group, make)
  addCommand<Options>(group, {
    usage: 'list',
    summary: 'what is connected, when it was read and how that ended; without --tenant of all',
    examples: ['stratum connections list', 'stratum connections list --tenant acme --json'],
    options: withTenant,
    async run(session, options) {
      const rows = ask(make, options, session, 'connections.list', { tenant: options.tenant })
      await printRows(session, rows as AsyncIterable<Row>, options)
    },
  })
  const one = (name: 'show' | 'check' | 'pause' | 'resume' | 'remove', summary: string) =>
    addCommand<Options, [string]>(group, {
      usage: `${name} <name>`,
      summary,
      examples: [`stratum connections ${name} meta-eu --tenant acme`],
      options: withTenant,
      async run(session, options, [connection]) {
        const args = { tenant: options.tenant, name: connection }
        await printDocument(
          session,
          await askOne<Row>(make, options, session, `connections.${name}`, args),
          options,
        )
      },
    })
  one('show', 'everything about one; secrets are masked')
  one('check', 'can it connect, and may it read what it needs: exit 1 and one line when not')
  one('pause', 'stop reading it, losing nothing')
  one('resume', 'go on where it stopped; also after it was blocked, once what was wrong is mended')
  one('remove', 'forget it and its credentials; what it has read stays')
  addCommand<Options, [string]>(group, {
    usage: 'sync <name>',
    summary: 'read it now, and wait for the end',
    examples: ['stratum connections sync meta-eu --tenant acme'],
    options: withTenant,
    async run(session, options, [connection]) {
      const result = await syncNow(make, options, session, connection)
      await printDocument(session, result, options)
      if (result.status !== 'OK') throw new StratumError('STORE_UNAVAILABLE', String(result.error))
    },
  })
  addCommand<Options>(group, {
    usage: 'rekey',
    summary: 'seal all credentials with the first of secrets.keys, so that the others can go',
    examples: ['stratum connections rekey', 'STRATUM_SECRETS__KEYS=NEW,OLD stratum connections rekey'],
    options: c => withOutput(withData(c)),
    async run(session, options) {
      await printDocument(
        session,
        await askOne<Row>(make, options, session, 'connections.rekey', {}),
        options,
      )
    },
  })
}

function withTenant(c: CliCommand): void {
  c.option('--tenant <id>', 'whose it is')
  withOutput(withData(c))
}

function addConnection(group: CliCommand, make: MakeApplication): void {
  addCommand<AddOptions, [string]>(group, {
    usage: 'add <connector>',
    summary: 'connect: checked, kept with its credentials sealed, read at once and then by its schedule',
    examples: [
      'stratum connections add csv --name spend --tenant acme --set path=spend.csv --set mapping=kag --schedule manual',
      'stratum connections add meta --name meta-eu --tenant acme --settings meta.yaml --schedule "5 6 * * *" --timezone Europe/Berlin',
    ],
    options: c => {
      c.option('--name <name>', "what it is called (default: the connector's id)")
      c.option('--settings <file>', "the connector's settings, YAML or JSON")
      c.option('--schedule <when>', '`every 15m`, a cron expression, or `manual` (default: every 6h)')
      c.option('--timezone <zone>', 'of a cron expression (default: UTC)')
      c.option('--no-check', 'keep it though nobody has tried whether it connects')
      withTenant(withSets(c))
    },
    async run(session, options, [id]) {
      const { tenant, name = id, schedule, timezone, check } = options
      const source = sourceOf(make(settingsOf(options)), id)
      const base = options.settings === undefined ? {} : readConfigMap(options.settings)
      const config = merge(base, parseSets(options.set, source.spec))
      const args = { tenant, name, connector: id, config: absolute(config), schedule, timezone, check }
      const made = await askFirst(make, options, session, 'connections.add', args)
      await printDocument(session, made, options)
    },
  })
}

function changeConnection(group: CliCommand, make: MakeApplication): void {
  addCommand<AddOptions, [string]>(group, {
    usage: 'change <name>',
    summary: 'tell it anew what is named here, as a token that has ended; it goes on where it was',
    examples: [
      'stratum connections change meta-eu --tenant acme --settings new-token.yaml',
      'stratum connections change spend --tenant acme --schedule "every 1h"',
    ],
    options: c => {
      c.option('--settings <file>', 'the settings that change, YAML or JSON; the others stay')
      c.option('--schedule <when>', '`every 15m`, a cron expression, or `manual`')
      c.option('--timezone <zone>', 'of a cron expression')
      c.option('--no-check', 'keep it though nobody has tried whether it connects')
      withTenant(withSets(c))
    },
    async run(session, options, [name]) {
      const { tenant, schedule, timezone, check } = options
      const { connector } = await askOne<Row>(make, options, session, 'connections.show', { tenant, name })
      const source = sourceOf(make(settingsOf(options)), String(connector))
      const base = options.settings === undefined ? {} : readConfigMap(options.settings)
      const config = absolute(merge(base, parseSets(options.set, source.spec)))
      const args = { tenant, name, config, schedule, timezone, check }
      await printDocument(
        session,
        await askOne<Row>(make, options, session, 'connections.change', args),
        options,
      )
    },
  })
}

/** A path is read by another process, in another folder perhaps. */
function absolute(config: unknown): unknown {
  const { path } = config as { path?: unknown }
  return typeof path === 'string' ? { ...(config as object), path: resolve(path) } : config
}

/** Like `askOne`, and makes the data directory where there is none yet: to connect is a way to begin. */
async function askFirst(
  make: MakeApplication,
  options: DataOptions,
  session: Session,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Row> {
  const settings = settingsOf(options)
  if (owner(settings.dataDir) || usesKafka(settings)) return askOne<Row>(make, options, session, name, args)
  const data = await openData(make, settings, `stratum ${name}`, observe(null))
  try {
    return (await operations[name]!(contextOf(data.stores, null), args, session.signal)) as Row
  } finally {
    await data.close()
  }
}

/** By the engine that runs, by any worker where the log is a cluster, else here. */
async function syncNow(
  make: MakeApplication,
  options: Options,
  session: Session,
  name: string,
): Promise<Row> {
  const settings = settingsOf(options)
  const { tenant } = options
  const args = { tenant, name }
  if (owner(settings.dataDir) || usesKafka(settings))
    return askOne<Row>(make, options, session, 'connections.sync', args)
  if (tenant === undefined) throw new StratumError('USAGE', 'say whose it is: --tenant ID')
  const data = await openData(make, settings, 'stratum connections sync', observe(null))
  const engine = await running(data.stores)
  try {
    const { connections } = await data.stores.connect()
    const only = logName(await connections.get(tenant, name))
    await engine.start()
    const schedules = scheduling({ stores: data.stores, engine, concurrency: 1, only })
    try {
      const context = contextOf(data.stores, engine, null, schedules)
      const result = operations['connections.sync']!(context, args, session.signal) as Promise<Row>
      const row = await Promise.race([result, engine.failure])
      await engine.drain(session.signal)
      return row
    } finally {
      await schedules.stop()
    }
  } finally {
    await engine.stop()
    await data.close()
  }
}
