import { parseArgs } from 'node:util'
import { messageOf } from '../../../engine/errors.ts'
import { KAFKA_VERSION, kafkaMissing, startKafka } from './kafka.ts'

const HELP = `A Kafka broker of its own on loopback, until Ctrl-C; its data goes with it.
  --port N      of the broker (a free one)
  --heap SIZE   of the broker (512m)
  --fast        for measurements: starts slower, works faster`

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    heap: { type: 'string' },
    fast: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})

async function main(): Promise<number> {
  if (values.help === true) {
    console.log(HELP)
    return 0
  }
  const missing = kafkaMissing()
  if (missing !== null) throw new Error(missing)
  const kafka = await startKafka({
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values.heap === undefined ? {} : { heap: values.heap }),
    speed: values.fast === true ? 'work' : 'start',
  })
  console.error(`Apache Kafka ${KAFKA_VERSION} answers; Ctrl-C ends it`)
  console.log(kafka.bootstrap)
  await asked()
  await kafka.stop()
  return 0
}

/** To end. A second signal must not cut short what the first began, so both stay handled. */
function asked(): Promise<void> {
  // Waiting for a signal alone does not keep a process alive.
  const alive = setInterval(() => {}, 60_000)
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        clearInterval(alive)
        resolve()
      })
  })
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}
