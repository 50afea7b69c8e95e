import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { STARTED } from '../../test/support/started.ts'
import { writeMessages } from './sources.ts'

/**
 * Records a second from `read` to the log: a connector that pages 1,000 at a time from memory, and the Singer adapter
 * behind `cat`, in turns, each in a process of its own; and the memory of ten times as many.
 *
 * Usage: read-to-log.js [--records N] [--rounds N]
 */
const { values } = parseArgs({
  options: { records: { type: 'string', default: '300000' }, rounds: { type: 'string', default: '3' } },
})
const records = Number(values.records)
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'bench-read-'))
const program = fileURLToPath(new URL('to-log.js', import.meta.url))
/** A start and an end; of Singer, the row of its schema too. */
const BESIDE = { pager: 2, singer: 3 }
type Name = keyof typeof BESIDE

interface Figures {
  readonly records: number
  readonly seconds: number
  readonly cpu: number
  readonly peakMiB: number
}

async function once(name: Name, n: number): Promise<Figures> {
  const file = join(folder, `${n}.ndjson`)
  const tap = { name: 'bench', command: '/bin/sh', args: ['-c', 'cat "$0"', file], catalog_option: 'none' }
  const config = name === 'pager' ? { records: n } : { ...tap, personal: [], validate: false }
  const args = [program, join(folder, 'log'), name, JSON.stringify(config)]
  const { stdout } = await run(process.execPath, args, { env: { ...STARTED, ...process.env } })
  const figures = JSON.parse(stdout) as Figures
  const got = figures.records - BESIDE[name]
  if (got !== n) throw new Error(`${name}: ${got} records are in the log, ${n} were read`)
  return figures
}

const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[all.length >> 1]!
const perSecond = (n: number, s: number) => Math.round(n / s).toLocaleString('en')
const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  const rounds: Record<Name, Figures[]> = { pager: [], singer: [] }
  const names = Object.keys(rounds) as Name[]
  await writeMessages(join(folder, `${records}.ndjson`), records)
  for (let round = 1; round <= Number(values.rounds); round++)
    for (const name of names) {
      const figures = await once(name, records)
      rounds[name].push(figures)
      say(`round ${round}, ${name}: ${perSecond(records, figures.seconds)} records/s`)
    }
  await writeMessages(join(folder, `${records * 10}.ndjson`), records * 10)
  for (const name of names) {
    const all = rounds[name]
    const many = await once(name, records * 10)
    const few = median(all.map(f => f.peakMiB))
    say(
      `${name}: ${perSecond(records, median(all.map(f => f.seconds)))} records/s, ` +
        `${perSecond(records, median(all.map(f => f.cpu)))} a CPU second; ` +
        `ten times as many: ${perSecond(records * 10, many.seconds)} records/s, ` +
        `memory ${(many.peakMiB / few).toFixed(2)} (${many.peakMiB} ÷ ${few} MiB)`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
