import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { STARTED } from '../test/support/started.ts'

/** `npm run bench`: see README.md. Ratios of runs side by side, medians of the rounds. */
const run = promisify(execFile)
// The speed bench on Kafka has options of its own.
if (process.argv.includes('--kafka')) {
  const rest = process.argv.slice(2).filter(arg => arg !== '--kafka')
  const program = fileURLToPath(new URL('kafka/run.js', import.meta.url))
  process.exit(spawnSync(process.execPath, [program, ...rest], { stdio: 'inherit' }).status ?? 1)
}
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, memory: { type: 'boolean', default: false } },
})
const WEEK = fileURLToPath(new URL('../../../shared/data/ga4', import.meta.url))
if (!existsSync(WEEK)) {
  process.stdout.write('bench: skipped, the real week (../shared/data/ga4) is not here\n')
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'stratum-bench-'))
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

async function child<T>(file: string, ...args: string[]): Promise<T> {
  const env = { ...STARTED, ...process.env }
  const { stdout } = await run(process.execPath, [here(file), ...args], { env, maxBuffer: 1 << 24 })
  return JSON.parse(stdout) as T
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!
const perSecond = (n: number) => `${Math.round(n).toLocaleString('en')} events/s`

async function pipeline(durability: string): Promise<number> {
  const data = join(folder, 'pipeline')
  rmSync(data, { recursive: true, force: true })
  const args = ['ingest', 'ga4', '--set', `path=${WEEK}`, '--tenant', 'demo', '--data', data, '--json']
  const env = { ...STARTED, ...process.env, STRATUM_LOG__DURABILITY: durability }
  const { stdout } = await run(process.execPath, [here('../stratum.js'), ...args], {
    env,
    maxBuffer: 1 << 24,
  })
  const { read, seconds } = JSON.parse(stdout) as { read: number; seconds: number }
  return read / seconds
}

async function floor(): Promise<number> {
  const { rows, seconds } = await child<{ rows: number; seconds: number }>(
    'floor.js',
    WEEK,
    join(folder, 'floor'),
  )
  return rows / seconds
}

try {
  const through: number[] = []
  const bare: number[] = []
  for (let round = 1; round <= Number(values.rounds); round++) {
    bare.push(await floor())
    through.push(await pipeline('process'))
    say(
      `round ${round}: floor ${perSecond(bare.at(-1)!)}, pipeline ${perSecond(through.at(-1)!)}, ratio ${(through.at(-1)! / bare.at(-1)!).toFixed(2)}`,
    )
  }
  const ratio = median(through.map((n, i) => n / bare[i]!))
  say(
    `pipeline ÷ floor        ${ratio.toFixed(2)}   (${perSecond(median(through))} ÷ ${perSecond(median(bare))})`,
  )
  const power = await pipeline('power')
  say(
    `power ÷ process         ${(power / median(through)).toFixed(2)}   (${perSecond(power)} with every commit and part flushed)`,
  )
  const formats = await child<Record<string, number>>('formats.js', join(folder, 'formats'))
  const fastest = Math.max(...Object.values(formats))
  for (const [name, rate] of Object.entries(formats))
    say(
      `chDB, ${name.padEnd(17)} ${(rate / fastest).toFixed(2)}   (${rate.toLocaleString('en')} rows/s${name === 'native' ? ', the product’s format' : ''})`,
    )
  if (values.memory) {
    const once = await child<Memory>('memory.js', WEEK, join(folder, 'memory'), '1')
    const tenfold = await child<Memory>('memory.js', WEEK, join(folder, 'memory'), '10')
    say(
      `memory, 10× ÷ 1×        ${(tenfold.peakMiB / once.peakMiB).toFixed(2)}   (peak RssAnon ${tenfold.peakMiB} MiB of ${tenfold.events} events ÷ ${once.peakMiB} MiB of ${once.events})`,
    )
  } else say('memory: with --memory (several minutes)')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface Memory {
  readonly events: number
  readonly peakMiB: number
}
