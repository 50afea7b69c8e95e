import type { Subject } from '../../settings/stage.ts'
import { checkIdentitySettings } from './check.ts'

export const IDENTITY_SETTINGS = 'identity'

/** Limits of the identity graph: in force at what is learnt next; what stands is not gone through again. */
export const identitySettings: Subject = {
  name: IDENTITY_SETTINGS,
  check: settings => checkIdentitySettings(settings).problems.map(problem => problem.text),
}
