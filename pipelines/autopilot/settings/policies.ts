import { canonical } from '../../../engine/canonical.ts'
import { StratumError } from '../../../engine/errors.ts'
import { sha256 } from '../model/draw.ts'
import { checkAutopilotSettings } from './check.ts'
import type { AutopilotSettings } from './schema.ts'

const MOST_KEPT = 2_000
const kept = new Map<string, AutopilotSettings>()
const hashes = new WeakMap<AutopilotSettings, string>()

/**
 * Settings that were checked when they were set, complete. Decisions by the thousand have the same ones.
 * @param text JSON; what is left out has its default
 * @throws CONFIG_INVALID: they were not checked
 */
export function autopilotSettings(version: number, text: string): AutopilotSettings {
  const key = `${version} ${text}`
  let found = kept.get(key)
  if (found === undefined) {
    const { settings, problems } = checkAutopilotSettings(JSON.parse(text))
    if (settings === null)
      throw new StratumError('CONFIG_INVALID', `autopilot settings: ${problems.map(p => p.text).join('; ')}`)
    found = settings
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(key, found)
  }
  return found
}

/** SHA-256 (hex) of complete settings as canonical JSON: the same however they were written, and with defaults or without. */
export function policyHash(settings: AutopilotSettings): string {
  let found = hashes.get(settings)
  if (found === undefined) {
    found = sha256(canonical(settings))
    hashes.set(settings, found)
  }
  return found
}
