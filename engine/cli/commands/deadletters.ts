import { StratumError } from '../../errors.ts'
import { ask, askOne } from '../ask.ts'
import {
  addCommand,
  addGroup,
  type CliCommand,
  type DataOptions,
  integer,
  type OutputOptions,
  printDocument,
  printRows,
  type Row,
  type SetOptions,
  withData,
  withOutput,
  withSets,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

interface Filter extends DataOptions, OutputOptions {
  readonly tenant?: string
  readonly stage?: string
  readonly reason?: string
  readonly since?: string
}

function withFilter(c: CliCommand): void {
  c.option('--tenant <id>', 'of this tenant')
  c.option('--reason <text>', 'whose reason has this in it')
  c.option('--since <instant>', 'refused since, as 2026-01-31T10:00:00Z')
  withOutput(withData(c))
}

export function deadLetterCommands(program: CliCommand, make: MakeApplication): void {
  const group = addGroup(program, 'deadletters', 'what was refused and why; mend it and send it again', [
    'stratum deadletters list --since 2026-01-31T00:00:00Z',
    'stratum deadletters replay 3f2a91c04d7e',
  ])
  addCommand<Filter & { readonly limit?: number; readonly all?: boolean }>(group, {
    usage: 'list',
    summary: 'refused records, the latest last; replayed ones only with --all',
    examples: ['stratum deadletters list', 'stratum deadletters list --stage normalise --json'],
    options: c => {
      c.option('--stage <name>', 'refused by this connector, stage or table')
      c.option('--limit <n>', 'at most so many (default: 100)', integer(1))
      c.option('--all', 'replayed ones too')
      withFilter(c)
    },
    async run(session, options) {
      const { tenant, stage, reason, since, limit, all } = options
      const rows = ask(make, options, session, 'deadletters.list', {
        tenant,
        stage,
        reason,
        since,
        limit,
        all,
      })
      await printRows(session, rows as AsyncIterable<Row>, options)
    },
  })
  addCommand<DataOptions & OutputOptions, [string]>(group, {
    usage: 'show <id>',
    summary: 'everything about one: reason, origin, its bytes (as they came), what to do',
    examples: ['stratum deadletters show 3f2a91c04d7e'],
    options: c => withOutput(withData(c)),
    async run(session, options, [id]) {
      await printDocument(
        session,
        await askOne<Row>(make, options, session, 'deadletters.show', { id }),
        options,
      )
    },
  })
  addCommand<DataOptions & OutputOptions & SetOptions & { readonly reset?: boolean }, [string]>(group, {
    usage: 'edit <id>',
    summary: 'change fields of the record that a replay will send; the original is kept',
    examples: [
      'stratum deadletters edit 3f2a91c04d7e --set data.currency=USD',
      'stratum deadletters edit 3f2a91c04d7e --reset',
    ],
    options: c => {
      c.option('--reset', 'take earlier edits back')
      withOutput(withData(withSets(c)))
    },
    async run(session, options, [id]) {
      const args = { id, set: options.set.map(pair), reset: options.reset }
      await printDocument(
        session,
        await askOne<Row>(make, options, session, 'deadletters.edit', args),
        options,
      )
    },
  })
  addCommand<Filter & { readonly only?: string }, string[]>(group, {
    usage: 'replay [ids...]',
    summary: 'send open ones again, only to the destination that refused them; each is sent once',
    examples: [
      'stratum deadletters replay 3f2a91c04d7e',
      'stratum deadletters replay --only events --since 2026-01-31T00:00:00Z',
    ],
    options: c => {
      c.option('--only <destination>', 'those that this stage or table refused')
      withFilter(c)
    },
    async run(session, options, given) {
      const { tenant, reason, since, only } = options
      const args = { ids: given.flat(), tenant, reason, since, only }
      await printDocument(
        session,
        await askOne<Row>(make, options, session, 'deadletters.replay', args),
        options,
      )
    },
  })
}

/** `data.clicks=5`: the value is JSON where it is JSON, else text. */
function pair(text: string): [string, unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw new StratumError('USAGE', `--set ${text}: write it as field=value`)
  const value = text.slice(at + 1)
  try {
    return [text.slice(0, at), JSON.parse(value) as unknown]
  } catch {
    return [text.slice(0, at), value]
  }
}
