import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Chain, ChainFailed, type Pace } from './chain.ts'
import { differences } from './compare.ts'
import type { Material } from './input.ts'
import { contentsOf, litter, verdictOf } from './inspect.ts'
import { live, type Program } from './life.ts'
import type { Options } from './options.ts'
import { FIRST_START, LAST_MOMENTS, randomFaults } from './plan.ts'
import type { Summary } from './summary.ts'
import { tornKills } from './torn.ts'

export interface Job {
  readonly options: Options
  readonly input: Material
  /** All data directories lie in it. */
  readonly folder: string
  readonly summary: Summary
}

/** The undisturbed run, then every chain of lives that has to come to the same. */
export async function runAll(job: Job): Promise<void> {
  const pace = await undisturbed(job)
  const { options, folder, summary } = job
  const main = chain(job, pace, 'main')
  await main.chosen(FIRST_START)
  await main.spread(randomFaults(options.seed, options.faults))
  await main.chosen(LAST_MOMENTS)
  await main.finish()
  await tornKills(chain(job, pace, 'torn'), folder, summary)
  const power = chain(job, pace, 'power', { STRATUM_LOG__DURABILITY: 'power' })
  await power.spread(randomFaults(options.seed + 1, 3))
  await power.finish()
}

const say = (line: string) => process.stdout.write(`${line}\n`)

function program({ input }: Job, dir: string, more: Program['env'] = {}): Program {
  const args = ['ingest', 'ga4', '--set', `path=${input.path}`, '--tenant', 'demo', '--data', dir, '--json']
  return { args, env: { ...input.env, ...more } }
}

/** The run that everything is compared with. It is itself checked as far as its input allows. */
async function undisturbed(job: Job): Promise<Pace> {
  const { input, folder, summary } = job
  const dir = join(folder, 'undisturbed')
  const life = await live(program(job, dir))
  if (life.end !== 'done')
    throw new ChainFailed(`the undisturbed run ended with ${life.code}: ${life.stderr.trim()}`)
  summary.undisturbed = await contentsOf(dir)
  const { written, dead_lettered } = JSON.parse(life.stdout) as { written: number; dead_lettered: number }
  const { truth } = input
  const expected = { events: truth?.events ?? written, dead_letters: truth?.deadLetters ?? dead_lettered }
  for (const [table, rows] of Object.entries(expected))
    if (summary.undisturbed[table]?.rows !== rows)
      summary.wrong.push(`undisturbed run: ${summary.undisturbed[table]?.rows} rows in ${table}, not ${rows}`)
  await verify(job, dir, 'undisturbed')
  rmSync(dir, { recursive: true })
  const { commits, inserts, ms, firstCommitMs } = life
  say(`undisturbed: ${commits} commits, ${inserts} inserts, ${(ms / 1000).toFixed(1)} s, ${written} events`)
  return { commits, inserts, ms, startMs: firstCommitMs ?? 0 }
}

function chain(job: Job, pace: Pace, name: string, env: Program['env'] = {}): Chain {
  const { folder, summary } = job
  let dirs = 0
  return new Chain({
    pace,
    events: summary.events,
    program: dir => program(job, dir, env),
    makeDir: () => join(folder, `${name}-${++dirs}`),
    say: line => say(`${name} ${line}`),
    async check(dir) {
      const before = summary.wrong.length
      const found = differences(summary.undisturbed, await contentsOf(dir))
      summary.compared++
      summary.wrong.push(...found.map(line => `${name}: ${line}`))
      await verify(job, dir, name)
      for (const file of litter(dir)) summary.wrong.push(`${name}: ${file} was left behind`)
      if (summary.wrong.length === before) rmSync(dir, { recursive: true })
    },
  })
}

async function verify({ input, summary }: Job, dir: string, name: string): Promise<void> {
  const verdict = await verdictOf(dir, input.env)
  summary.verified++
  if (verdict) summary.wrong.push(`${name}: ${verdict}`)
}
