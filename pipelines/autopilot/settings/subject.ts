import type { Subject } from '../../settings/stage.ts'
import { checkAutopilotSettings } from './check.ts'

/** Limits and permissions of the autopilot, as a tenant sets them. */
export const autopilotSubject: Subject = {
  name: 'autopilot',
  check: settings => checkAutopilotSettings(settings).problems.map(problem => problem.text),
}
