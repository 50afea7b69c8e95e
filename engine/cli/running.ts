import { messageOf } from '../errors.ts'
import { Engine } from '../runtime/engine.ts'
import type { Running } from '../runtime/running.ts'
import type { Stores } from '../runtime/stores.ts'
import type { WorkerEvent, WorkerOptions } from '../runtime/worker/worker.ts'
import { logger } from '../telemetry/logger.ts'

/** What does the work of opened stores: alone where the log is a file, one among others where it is a cluster. */
export async function running(
  stores: Stores,
  more: Pick<WorkerOptions, 'shard' | 'sessionMs' | 'tickMs'> = {},
): Promise<Running> {
  if (!stores.options.kafka) return new Engine(stores, more)
  const { Worker } = await import('../runtime/worker/worker.ts')
  return new Worker({ stores, tell: tellWorker(), ...more })
}

/** A line for everything that becomes of a worker's groups. */
function tellWorker(): (event: WorkerEvent) => void {
  const log = logger('worker')
  return event => {
    switch (event.what) {
      case 'dealt':
        return log.info({ groups: event.groups }, 'Groups were dealt out.')
      case 'opened':
        return log.info({ group: event.group, ms: Math.round(event.ms) }, 'The group was taken over.')
      case 'closed':
        return log.info({ group: event.group, ms: Math.round(event.ms) }, 'The group was handed over.')
      case 'lost':
        return log.warn({ group: event.group }, `The group was lost: ${messageOf(event.error)}`)
      case 'weak':
        return log.warn(`Kafka: ${event.cluster}.`)
      case 'trouble':
        return log.warn(`The workers' group: ${messageOf(event.error)}`)
    }
  }
}
