import { didYouMean } from '../../config/index.ts'
import { StratumError } from '../../errors.ts'
import type { StreamSpec } from '../../source/port.ts'
import { preview } from '../../source/preview.ts'
import { readPreviewState } from '../../source/preview-state.ts'
import { redactPersonal, redactText } from '../../telemetry/redact.ts'
import { checkTenant, engineSettings, sourceOf, streamsOf, withConnector } from '../connector.ts'
import { addCommand, type CliCommand, cell, integer, toJson } from '../kit/index.ts'
import { engineOptions, type MakeApplication, observe } from '../open.ts'
import { configured, type TrialOptions, withTrial } from '../trial.ts'

interface Options extends TrialOptions {
  readonly stream?: string
  readonly state?: string
  readonly limit?: number
  readonly tenant?: string
}

export function readCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options, [string]>(program, {
    usage: 'read <connector>',
    summary: 'what a connector reads, one JSON document a line (RECORD, STATE); nothing is stored',
    examples: [
      'stratum read csv --set path=spend.csv --set mapping=kag --limit 10',
      'stratum read ga4 --set path=exports/ > a.ndjson; stratum read ga4 --set path=exports/ --state a.ndjson',
    ],
    options: c => {
      withTrial(withConnector(c))
      c.option('--stream <name>', 'one stream only')
      c.option('--state <file>', 'go on from the last STATE in this file, as read has printed it')
      c.option('--limit <n>', 'records at most', integer(1))
      c.option('--tenant <id>', "show people's identifiers as this tenant's pseudonyms (default: api.tenant)")
      c.option('--ndjson', 'what it prints anyway')
    },
    async run(session, options, [name]) {
      const source = sourceOf(make(engineSettings(options)), name)
      const { id } = source
      const { config, settings, close } = await configured(source, options, engineSettings(options))
      const tenant = checkTenant(options.tenant ?? settings.api.tenant)
      const from = options.state === undefined ? {} : readPreviewState(options.state)
      const streams = chosen(id, await streamsOf(source, config, session.signal), options.stream)
      refuseForeign(id, Object.keys(from), source.streams, options.state)
      let records = 0
      let rejected = 0
      const say = (line: string) => process.stderr.write(`${cell(redactPersonal(redactText(line)))}\n`)
      const progress = process.stdout.isTTY ? null : session.progress(`read ${id}`)
      try {
        const messages = preview({
          source,
          config,
          streams,
          tenant,
          from,
          limit: options.limit ?? Number.POSITIVE_INFINITY,
          clock: engineOptions(settings, observe(null)).clock,
          signal: session.signal,
          notice: message => say(`${id}: ${message}`),
          rejected: ({ origin, reason }) => {
            rejected++
            say(`rejected: ${origin}: ${reason}`)
          },
        })
        for await (const message of messages) {
          if (message.type === 'RECORD') records++
          progress?.update(records)
          await session.write(`${toJson(message)}\n`)
        }
      } finally {
        progress?.end()
        await close()
        if (records + rejected > 0)
          say(`${count(records, 'record')}, ${rejected} rejected; nothing is stored`)
      }
      if (records + rejected === 0) say(`${id}: no new records`)
    },
  })
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`

function chosen(id: string, streams: readonly StreamSpec[], name: string | undefined): readonly StreamSpec[] {
  if (name === undefined) return streams
  const found = streams.filter(s => s.name === name)
  if (found.length > 0) return found
  const names = streams.map(s => s.name)
  throw new StratumError(
    'USAGE',
    `${id} has no stream ${name}${didYouMean(name, names)}; there are: ${names.join(', ')}`,
  )
}

/** A state that names other streams is of another connector: going on from it would read all, and say nothing. */
function refuseForeign(
  id: string,
  named: readonly string[],
  streams: readonly StreamSpec[],
  file: string | undefined,
): void {
  const foreign = named.find(name => !streams.some(s => s.name === name))
  if (foreign !== undefined)
    throw new StratumError(
      'CONFIG_INVALID',
      `${file}: its state is of a stream ${foreign}, which ${id} does not have: it is of another connector`,
    )
}
