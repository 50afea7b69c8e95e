import { check, type Problem } from '../../../engine/config/index.ts'
import { isTree } from '../../tree.ts'
import { type JourneySettings, JourneySettingsSchema } from './schema.ts'

/** The rules of issue 8: a touch is a session by `source / medium`, and nothing is too long ago. */
const GA4 = { lookback_days: 0, path_by: 'source_medium' }

/** Settings as somebody wrote them, with the defaults of their preset, and everything that is wrong with them. */
export function checkJourneySettings(value: unknown): {
  readonly settings: JourneySettings | null
  readonly problems: readonly Problem[]
} {
  const own = isTree(value) && value.preset === 'ga4' ? { ...GA4, ...value } : value
  const checked = check(JourneySettingsSchema, own, 'the settings of journeys')
  if (checked.problems.length > 0) return { settings: null, problems: checked.problems }
  const settings = checked.value as JourneySettings
  const { first_pct, last_pct } = settings.position
  const sum = first_pct + last_pct
  if (sum > 0 && sum <= 100) return { settings, problems: [] }
  return {
    settings: null,
    problems: [
      {
        path: ['position'],
        text: `/position: first_pct and last_pct are more than 0 and at most 100 together, got ${sum}`,
      },
    ],
  }
}

const known = new Map<string, JourneySettings>()

/** Settings in force, of their JSON: it was checked when it was set. */
export function journeySettingsOf(text: string): JourneySettings {
  let settings = known.get(text)
  if (!settings) {
    settings = checkJourneySettings(JSON.parse(text)).settings ?? checkJourneySettings({}).settings!
    if (known.size > 1_000) known.clear()
    known.set(text, settings)
  }
  return settings
}
