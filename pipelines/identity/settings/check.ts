import { check, type Problem } from '../../../engine/config/index.ts'
import { type IdentitySettings, IdentitySettingsSchema } from './schema.ts'

/** Settings as somebody wrote them, with defaults, and everything that is wrong with them. */
export function checkIdentitySettings(value: unknown): {
  readonly settings: IdentitySettings | null
  readonly problems: readonly Problem[]
} {
  const checked = check(IdentitySettingsSchema, value, 'the settings of identity')
  return checked.problems.length > 0
    ? { settings: null, problems: checked.problems }
    : { settings: checked.value as IdentitySettings, problems: [] }
}

const known = new Map<string, IdentitySettings>()

/** Settings in force, of their JSON: it was checked when it was set. */
export function identitySettingsOf(text: string): IdentitySettings {
  let settings = known.get(text)
  if (!settings) {
    settings = checkIdentitySettings(JSON.parse(text)).settings ?? checkIdentitySettings({}).settings!
    if (known.size > 1_000) known.clear()
    known.set(text, settings)
  }
  return settings
}
