import { type Wiring, wiringOf } from '../../runtime/wiring.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printDocument,
  type Row,
  withData,
  withOutput,
} from '../kit/index.ts'
import { type MakeApplication, settingsOf } from '../open.ts'

export function mapCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<DataOptions & OutputOptions>(program, {
    usage: 'map',
    summary: 'connectors, tasks, stages, topics and tables as they are wired',
    examples: ['stratum map', 'stratum map --json'],
    options: c => withOutput(withData(c)),
    async run(session, options) {
      const settings = settingsOf(options)
      const wiring = wiringOf(make(settings), settings.log.partitions)
      if (options.json || options.ndjson) return printDocument(session, wiring as unknown as Row, options)
      await session.write(drawing(wiring))
    },
  })
}

const short = (topic: string) => topic.replace(/^stratum\./, '')

/** In the order in which data flows: what is read, what is folded, what is stored. */
export function drawing({ connectors, tasks, topics, tables }: Wiring): string {
  const partitions = new Map(topics.map(t => [t.name, t.partitions]))
  const topic = (name: string) => `${short(name)} (${partitions.get(name)})`
  const read = connectors.map(({ id, streams, topic: to }) => [
    id,
    `[${streams.map(s => s.name).join(', ')}]`,
    topic(to),
  ])
  const folded = tasks.flatMap(({ name, reads, stages, writes }) => {
    const row = `[${stages.map(s => s.name).join(' → ')}]`
    return reads.map((from, i) => {
      const last = i === reads.length - 1
      return last
        ? [topic(from), `${reads.length > 1 ? '┴' : '─'}─► ${name}`, row, writes.map(topic).join(', ')]
        : [topic(from), i === 0 ? '┐' : '┤', '', '']
    })
  })
  const stored = tables.map(({ name, topic: from, kind, views }) => [
    topic(from),
    kind,
    name + (views.length > 0 ? `  (views: ${views.join(', ')})` : ''),
  ])
  return [
    'CONNECTORS read streams into topics (partitions)',
    lines(read, ([id, streams, to]) => [id!, ` ${streams} ─► ${to}`]),
    'TASKS fold topics through a row of stages into topics',
    foldedLines(folded),
    'TABLES fill from topics',
    lines(stored, ([from, kind, name]) => [from!, ` ─[${kind}]─► ${name}`]),
  ].join('\n')
}

type Cells = readonly string[]

function lines(rows: readonly Cells[], parts: (row: Cells) => readonly [string, string]): string {
  const made = rows.map(parts)
  const width = Math.max(0, ...made.map(([left]) => left.length))
  return made.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('')
}

/** Inputs of one task stand below each other, joined by a brace. */
function foldedLines(rows: readonly Cells[]): string {
  const width = (i: number) => Math.max(0, ...rows.map(row => row[i]!.length))
  const [from, arrow, stages] = [width(0), width(1), width(2)]
  return rows
    .map(([topic, join, row, to]) => {
      const left = `  ${topic!.padEnd(from)} ─${join}`
      return to === '' ? `${left}\n` : `${left.padEnd(from + arrow + 4)} ${row!.padEnd(stages)} ─► ${to}\n`
    })
    .join('')
}
