/**
 * `node storm.js DIR STEPS`: workers that come and go, one every second, all in one process since a process takes
 * longer than that to start. Each does a worker's work while it is there.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { engineOptions, settingsOf } from '../../../engine/cli/open.ts'
import { messageOf } from '../../../engine/errors.ts'
import { silent } from '../../../engine/runtime/options.ts'
import { openStores } from '../../../engine/runtime/stores.ts'
import { Worker } from '../../../engine/runtime/worker/worker.ts'
import { app } from '../../../stratum.ts'

const [dir, steps] = process.argv.slice(2) as [string, string]
/** So many at once. */
const AT_ONCE = 2

type Leave = () => Promise<void>

async function enter(nth: number): Promise<Leave> {
  const settings = settingsOf({ data: join(dir, String(nth % (AT_ONCE + 1))) })
  const stores = await openStores(app(settings), engineOptions(settings, silent, { kafka: true }))
  let groups = 0
  const worker = new Worker({
    stores,
    sessionMs: settings.kafka.sessionMs,
    tell: event => {
      if (event.what === 'opened') groups++
    },
  })
  worker.failure.catch(error => process.stdout.write(`worker ${nth}: ${messageOf(error)}\n`))
  await worker.start()
  process.stdout.write(`worker ${nth} has come\n`)
  return async () => {
    await worker.stop()
    await stores.close()
    process.stdout.write(`worker ${nth} has gone, and took over ${groups} groups\n`)
  }
}

const here: Leave[] = []
for (let nth = 0; nth < Number(steps); nth++) {
  try {
    here.push(await enter(nth))
  } catch (error) {
    // Other faults may be in force.
    process.stdout.write(`worker ${nth}: ${messageOf(error)}\n`)
  }
  await sleep(1_000)
  if (here.length >= AT_ONCE) await here.shift()!()
}
await Promise.all(here.map(leave => leave()))
process.exit(0)
