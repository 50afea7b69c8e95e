import { messageOf } from '../errors.ts'
import { Engine } from '../runtime/engine.ts'
import type { Running } from '../runtime/running.ts'
import type { Stores } from '../runtime/stores.ts'
import { Worker, type WorkerEvent, type WorkerOptions } from '../runtime/worker/worker.ts'
import { logger } from '../telemetry/logger.ts'

/** What does the work of opened stores: alone where the log is a file, one among others where it is a cluster. */
export function running(
  stores: Stores,
  more: Pick<WorkerOptions, 'shard' | 'sessionMs' | 'tickMs'> = {},
): Running {
  return stores.options.kafka ? new Worker({ stores, tell: tellWorker(), ...more }) : new Engine(stores, more)
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
