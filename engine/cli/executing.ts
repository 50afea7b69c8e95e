import { messageOf } from '../errors.ts'
import { Execution, type ExecutionNotice } from '../execute/execution.ts'
import type { ExecutorEvent } from '../execute/executor.ts'
import type { Running } from '../runtime/running.ts'
import { logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'

/** The executor of a process that is at work, with a line for everything it does; null: this application has none. */
export function executing(
  engine: Pick<Running, 'stores' | 'groups'>,
  metrics: Pick<Metrics, 'actions' | 'actionSeconds'>,
): Execution | null {
  const spec = engine.stores.app.executors
  if (spec === undefined) return null
  const log = logger('executor')
  const tell = (event: ExecutorEvent | ExecutionNotice): void => {
    switch (event.what) {
      case 'ended': {
        const { action, said, seconds } = event
        const { platform } = action
        metrics.actions.inc({ state: said.outcome, platform })
        metrics.actionSeconds.observe({ platform }, seconds)
        const about = { ...aboutOf(action), outcome: said.outcome, code: said.code }
        return said.outcome === 'APPLIED'
          ? log.info(about, 'An action is in force.')
          : log.warn(about, `An action is not in force: ${said.message ?? said.code}.`)
      }
      case 'refused': {
        metrics.actions.inc({ state: 'REFUSED', platform: event.action.platform })
        return log.info(aboutOf(event.action), `Not yet: ${event.code}: ${event.message}.`)
      }
      case 'unconnected':
        return log.warn(
          aboutOf(event.action),
          `No connection of ${event.action.tenant_id} that works has ${event.action.platform} account ${event.action.account_id}: the action waits.`,
        )
      case 'forged':
        return log.error(
          aboutOf(event.action),
          `A permit is not good: ${event.message}. Do all processes have the same secrets.signingKeys?`,
        )
      case 'notice':
        return log.info({ connection: event.connection }, event.message)
      case 'trouble':
        return log.warn(`Actions: ${messageOf(event.error)}`)
    }
  }
  return Execution.begin({ engine, spec, tell })
}

const aboutOf = ({
  tenant_id,
  action_id,
  platform,
}: Extract<ExecutorEvent, { what: 'refused' }>['action']) => ({
  tenant: tenant_id,
  action: action_id,
  platform,
})
