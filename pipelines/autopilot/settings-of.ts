import { autopilotSettings } from './settings/policies.ts'
import type { AutopilotSettings } from './settings/schema.ts'
import type { AutopilotState } from './state.ts'

/** The settings in force, complete. */
export const settingsOf = ({ settings }: Pick<AutopilotState, 'settings'>): AutopilotSettings =>
  autopilotSettings(settings.version, settings.text)
