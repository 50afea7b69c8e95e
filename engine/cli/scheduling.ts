import { Scheduling, type SchedulingOptions } from '../connect/scheduling.ts'
import { messageOf } from '../errors.ts'
import { logger } from '../telemetry/logger.ts'

/** The scheduler of a process, with a line for everything it does. */
export function scheduling(options: Omit<SchedulingOptions, 'tell'>): Scheduling {
  const log = logger('connections')
  return new Scheduling({
    ...options,
    tell(event) {
      switch (event.what) {
        case 'begun':
          return log.info({ connection: event.connection }, 'A sync has begun.')
        case 'ended': {
          const { connection, end, ms } = event
          const { status, records, deadLetters } = end
          const about = { connection, status, records, deadLetters, ms: Math.round(ms) }
          return end.error === null
            ? log.info(about, 'A sync has ended.')
            : log.warn(about, `A sync has ended: ${end.error}.`)
        }
        case 'notice':
          return log.info({ connection: event.connection }, event.message)
        case 'trouble':
          return log.warn(`Connections: ${messageOf(event.error)}`)
      }
    },
  })
}
