import { parseArgs } from 'node:util'
import { median } from './curve.ts'
import { type Latency, latencyOf } from './latency.ts'
import { runBench, say } from './place.ts'
import { ours } from './subjects.ts'

const HELP = `40 tenants at a steady rate, alone and beside one that sends ten times as much as all of them to the same partitions, in turns.
  --rounds N         of both (3)
  --rate N           events a second of the 40 (5000)
  --loud N           so many times as much does the other send (10)
  --seconds N        measured, after 10 to get warm (20)
  --bootstrap ADDR   a broker that is there; else one is started`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '5000' },
    loud: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '20' },
    bootstrap: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

await runBench({ help: values.help === true && HELP, given: values.bootstrap }, async place => {
  const rate = Number(values.rate)
  const options = { ...place, rate, warmSeconds: 10, seconds: Number(values.seconds), say }
  const [alone, beside] = [[] as Latency[], [] as Latency[]]
  for (let round = 0; round < Number(values.rounds); round++) {
    say('alone')
    alone.push(await latencyOf(ours(), options))
    say(`beside one that sends ${values.loud} times as much`)
    beside.push(await latencyOf(ours(), { ...options, loud: Number(values.loud) }))
  }
  const grown = (of: keyof Latency) => median(beside.map((b, i) => b[of] - alone[i]![of])).toFixed(0)
  say(`medians of the rounds: p50 grows by ${grown('p50')} ms, p99 by ${grown('p99')} ms`)
})
