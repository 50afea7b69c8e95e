import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runToEnd } from '../../test/support/servers/machine.ts'
import { expectedOf } from './expected.ts'
import { runOnce } from './pair.ts'
import { type Place, runBench, say } from './place.ts'
import { ours } from './subjects.ts'

const HELP = `The same load on 1, 2 and 4 groups of partitions in 1, 2 and 4 processes, and on a state of more than a million keys.
  --events N         events of a run (2000000)
  --bootstrap ADDR   a broker that is there; else one is started`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000000' },
    bootstrap: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
const PRODUCE = fileURLToPath(new URL('produce.js', import.meta.url))

type Shape = readonly [groups: number, processes: number]

/** The same load spread over so many hours of event time, in each shape. */
async function run({ bootstrap, admin, folder }: Place, hours: string, shapes: readonly Shape[]) {
  const topic = `bench.events.${values.events}.${hours}h`
  const told = ['--bootstrap', bootstrap, '--topic', topic, '--events', values.events, '--hours', hours]
  await runToEnd(process.execPath, [PRODUCE, ...told])
  const expected = await expectedOf(bootstrap, topic, await admin.ends(topic))
  const keys = expected.windows.size.toLocaleString('en')
  for (const [groups, processes] of shapes) {
    say(`${keys} keys of state, ${groups} groups, ${processes} processes`)
    const subject = ours(undefined, ['--groups', String(groups), '--processes', String(processes)])
    await runOnce(subject, { admin, bootstrap, topic, folder, expected, say })
  }
}

await runBench({ help: values.help === true && HELP, given: values.bootstrap }, async place => {
  await run(place, '3', [
    [1, 1],
    [2, 1],
    [2, 2],
    [4, 2],
    [4, 4],
  ])
  await run(place, '24', [[2, 2]])
})
