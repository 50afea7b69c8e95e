import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runToEnd } from '../../test/support/servers/machine.ts'
import type { BenchAdmin } from './admin.ts'
import { median } from './curve.ts'
import { expectedOf } from './expected.ts'
import { latencyOf } from './latency.ts'
import { inTurns, type PairOptions, type Results, ratios } from './pair.ts'
import { type Place, runBench, say } from './place.ts'
import { ours, type Subject, theirs } from './subjects.ts'

const HELP = `Kafka Streams and the engine at the same job, in turns: see bench/README.md.
  --pairs N          pairs of runs (5); 0 for none
  --events N         events of a run (3000000)
  --latency N        runs of each at a steady rate (1); 0 for none
  --rate N           events a second of those; else half of what theirs did warm
  --seconds N        measured of those, after 20 to get warm (30)
  --bootstrap ADDR   a broker that is there, which keeps the events for the next time; else one is started
  --only WHO         theirs or ours: no pairs, --pairs runs of one
  --ours FILE        the program that is ours (ours.js)`

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    events: { type: 'string', default: '3000000' },
    latency: { type: 'string', default: '1' },
    rate: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    bootstrap: { type: 'string' },
    only: { type: 'string' },
    ours: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

async function bench({ bootstrap, admin, folder }: Place): Promise<void> {
  const all = { theirs, ours: ours(values.ours) }
  const subjects: Subject[] = Object.values(all).filter(
    s => values.only === undefined || s.name === values.only,
  )
  if (subjects.length === 0) throw new Error('--only is theirs or ours')
  let results: Results = { theirs: [], ours: [] }
  if (Number(values.pairs) > 0) {
    const { topic, expected } = await events(bootstrap, admin)
    const options: PairOptions = { admin, bootstrap, topic, folder, expected, say }
    results = await inTurns(Number(values.pairs), subjects, options)
    if (subjects.length > 1) sayRatios(results)
  }
  const warm = results.theirs.map(result => result.warm)
  if (values.rate === undefined && warm.length === 0) return
  const rate = Number(values.rate ?? median(warm) / 2)
  const seconds = Number(values.seconds)
  for (let i = 0; i < Number(values.latency); i++)
    for (const subject of subjects)
      await latencyOf(subject, { admin, bootstrap, folder, rate, warmSeconds: 20, seconds, say })
}

/** The events, made where they are missing, and what should come of them. */
async function events(bootstrap: string, admin: BenchAdmin) {
  const topic = `bench.events.${values.events}`
  const producer = fileURLToPath(new URL('produce.js', import.meta.url))
  const told = ['--bootstrap', bootstrap, '--topic', topic, '--events', values.events]
  await runToEnd(process.execPath, [producer, ...told])
  const expected = await expectedOf(bootstrap, topic, await admin.ends(topic))
  const n = (count: number) => count.toLocaleString('en')
  say(`${n(Number(values.events))} events, ${n(expected.windows.size)} windows`)
  return { topic, expected }
}

function sayRatios(results: Results): void {
  const { whole, warm, startup, pss, anon, cpu } = ratios(results)
  say(`ours ÷ theirs, medians of the pairs:
  events/s, whole run        ${whole.toFixed(2)}
  events/s, last two thirds  ${warm.toFixed(2)}
  time to the first commit   ${startup.toFixed(2)}
  CPU time                   ${cpu.toFixed(2)}
  peak memory, PSS           ${pss.toFixed(2)}   (anonymous ${anon.toFixed(2)})`)
}

await runBench({ help: values.help === true && HELP, given: values.bootstrap }, bench)
