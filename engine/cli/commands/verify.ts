import { resolve } from 'node:path'
import { StratumError } from '../../errors.ts'
import type { Verdict } from '../../ops/verify.ts'
import { ask } from '../ask.ts'
import {
  addCommand,
  type CliCommand,
  type DataOptions,
  type OutputOptions,
  printRows,
  type Row,
  type Session,
  withData,
  withOutput,
} from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'

interface Options extends DataOptions, OutputOptions {
  readonly audit?: boolean
  readonly anchors?: string
  readonly tenant?: string
}

export function verifyCommand(program: CliCommand, make: MakeApplication): void {
  addCommand<Options>(program, {
    usage: 'verify',
    summary: 'prove that every record of the log is in its table or the dead letters, and none twice',
    examples: [
      'stratum verify --exactly-once',
      'stratum verify --exactly-once --json',
      'stratum verify --audit --anchors /mnt/locked/stratum --tenant demo',
    ],
    options: c => {
      c.option('--exactly-once', 'compare offsets in the log with rows and dead letters (the default)')
      c.option('--audit', 'check the hash chain of the audit log instead')
      c.option(
        '--anchors <path>',
        'checkpoints that were kept elsewhere: a file of lines, or a folder of them',
      )
      c.option('--tenant <id>', 'the audit log of this tenant only')
      withOutput(withData(c))
    },
    async run(session, options) {
      if (options.audit) return verifyAudit(make, options, session)
      if (options.anchors !== undefined || options.tenant !== undefined)
        throw new StratumError('USAGE', '--anchors and --tenant are of the audit log: say --audit, too')
      const verdicts: Verdict[] = []
      for await (const verdict of ask(make, options, session, 'verify', {})) verdicts.push(verdict as Verdict)
      const shown =
        options.json || options.ndjson ? verdicts : verdicts.map(({ examples: _, ...counts }) => counts)
      await printRows(session, shown as unknown as Row[], options)
      let waiting = 0
      for await (const row of ask(make, options, session, 'lag', {})) waiting += (row as { lag: number }).lag
      if (waiting > 0)
        process.stderr.write(
          `work is under way or waiting (\`stratum lag\`): this holds for what has been read so far; the next ingest or start goes on\n`,
        )
      const wrong = verdicts.filter(v => v.lost + v.doubled + v.alien > 0)
      if (wrong.length === 0) return
      const where = wrong.map(
        v => `${v.table}: ${v.lost} lost, ${v.doubled} doubled, ${v.alien} alien (${v.examples[0]})`,
      )
      throw new StratumError(
        'LOG_CORRUPT',
        `the warehouse does not agree with the log: ${where.join('; ')}. \`stratum apply${wrong.map(v => ` --lose ${v.table}`).join('')}\` fills what is wrong again from the log.`,
      )
    },
  })
}

interface AuditRow extends Row {
  readonly tenant: string
  readonly where: string
  readonly status: string
  readonly first_bad_seq: number | null
  readonly detail: string
}

/** In order, and no more than that can be said without an anchor; all else is an error. */
const IN_ORDER = ['OK', 'UNANCHORED']

async function verifyAudit(make: MakeApplication, options: Options, session: Session): Promise<void> {
  const { tenant = null, anchors } = options
  const args = { tenant, anchors: anchors === undefined ? null : resolve(anchors) }
  const rows: AuditRow[] = []
  for await (const row of ask(make, options, session, 'verify.audit', args)) rows.push(row as AuditRow)
  await printRows(session, rows, options)
  const bad = rows.filter(({ status }) => !IN_ORDER.includes(status))
  if (bad.length === 0) return
  const where = bad.map(
    ({ tenant, where, status, first_bad_seq, detail }) =>
      `${tenant} (${where}): ${status}${first_bad_seq === null ? '' : ` ${first_bad_seq}`}: ${detail}`,
  )
  throw new StratumError('LOG_CORRUPT', `the audit log is not what was written: ${where.join('; ')}`)
}
