import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportRow, exportRows, ndjson } from '../../../connectors/ga4/support.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { documents, type Result, type Running, run, start } from '../../../support/program.ts'

/** Four good rows of two days and one that is refused (line 6). */
export const SPEND = `date,platform,account_id,campaign_id,ad_id,impressions,clicks,spend,currency
2026-01-10,meta,a1,c1,x1,1000,10,12.50,USD
2026-01-10,meta,a1,c1,x2,500,5,3.20,USD
2026-01-11,meta,a1,c1,x1,90,9,11.00,USD
2026-01-11,meta,a1,c1,x2,900,9,11.00,USD
2026-01-11,meta,a1,c1,x3,oops,9,11.00,USD
`

/** Three events of one person, and one of 2027, which is refused with the clock in January 2026. */
export const EVENTS = ndjson([
  ...exportRows(3, { user_id: 'eve@example.com' }),
  exportRow({ event_date: '20270105', event_timestamp: '1799142000000000', event_name: 'from_the_future' }),
])

export const CSV = ['csv', '--set', 'path=spend.csv', '--set', 'mapping=generic'] as const
export const GA4 = ['ga4', '--set', 'path=events.ndjson'] as const

export interface Place {
  readonly cwd: string
  /** The data directory, the one commands use by themselves. */
  readonly data: string
  /** Writes a file as it might have been written at noon of a day in January 2026. */
  write(name: string, content: string | Uint8Array, day?: number): void
  /** Runs the program to its end, in this folder and with the clock at noon of 2026-01-15. */
  stratum(...args: readonly string[]): Promise<Result>
  /** What it prints with `--json`; anything but success is an error. */
  json<T = Record<string, unknown>>(...args: readonly string[]): Promise<T>
  rows<T = Record<string, unknown>>(...args: readonly string[]): Promise<T[]>
  start(...args: readonly string[]): Running
}

/** A folder with `spend.csv` and `events.ndjson` in it, as somebody has it who tries the program. */
export function place(
  t: { teardown(fn: () => void): void; setTimeout(ms: number): void },
  env: Readonly<Record<string, string>> = {},
): Place {
  // Every command is a process: more than tap's 30 s on a busy machine.
  t.setTimeout(240_000)
  const cwd = temporaryFolder(t)
  const options = { cwd, env: { STRATUM_CLOCK__FIXED: '2026-01-15T12:00:00Z', ...env } }
  const write = (name: string, content: string | Uint8Array, day = 12) => {
    const at = new Date(Date.UTC(2026, 0, day, 12))
    writeFileSync(join(cwd, name), content)
    utimesSync(join(cwd, name), at, at)
  }
  write('spend.csv', SPEND)
  write('events.ndjson', EVENTS)
  const output = async (...args: readonly string[]) => {
    const { code, out, err } = await run(args, options)
    if (code !== 0) throw new Error(`stratum ${args.join(' ')} ended with ${code}: ${err}`)
    return out
  }
  return {
    cwd,
    data: join(cwd, '.stratum'),
    write,
    stratum: (...args) => run(args, options),
    json: async <T>(...args: readonly string[]) => JSON.parse(await output(...args, '--json')) as T,
    rows: async <T>(...args: readonly string[]) => documents<T>(await output(...args, '--ndjson')),
    start: (...args) => start(args, options),
  }
}

interface Assert {
  match(found: unknown, wanted: object, ...name: [] | [string]): boolean
}

/** A failure as every command reports it: nothing on stdout, one line on stderr, no stack trace. */
export function fails(t: Assert, result: Result, code: number, says: RegExp, name = String(says)): void {
  t.match(result, { code, out: '', err: says }, name)
  t.match(result, { err: /^stratum[^\n]*: [^\n]+\n$/ }, `one line: ${result.err}`)
}

/** A command of the log that was refused: its answer on stdout, code and reason on stderr. */
export function refuses(t: Assert, result: Result, says: RegExp): void {
  t.match(result, { code: 1, err: says })
}
