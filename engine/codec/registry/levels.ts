import { StratumError } from '../../errors.ts'
import type { RegistryApi } from './api.ts'

/** The rule our subjects get: a schema reads what every version before it wrote. */
const OURS = 'BACKWARD_TRANSITIVE'
/** Those that let nothing pass which cannot read what is written. */
const SAFE = [OURS, 'FULL_TRANSITIVE']
/** Those that do so for the latest version only. */
const HALF = ['BACKWARD', 'FULL']

/**
 * Sets the rule of a subject that is about to be made. Gives what was refused: a registry may keep that to itself.
 */
export async function setLevel(api: RegistryApi, name: string): Promise<string | null> {
  try {
    await api.setLevel(name, OURS)
    return null
  } catch (error) {
    return unlessRefused('set', error)
  }
}

function unlessRefused(what: string, error: unknown): string {
  if (!(error instanceof StratumError) || error.code !== 'STORE_REFUSED') throw error
  return `Compatibility could not be ${what}. ${error.message}`
}

/** A line for every rule in force that lets pass what ours does not. */
export async function looseLevels(api: RegistryApi, names: readonly string[]): Promise<string[]> {
  const found = new Map<string, string[]>()
  try {
    await Promise.all(
      names.map(async name => {
        const level = await api.level(name)
        if (!SAFE.includes(level)) found.set(level, [...(found.get(level) ?? []), name])
      }),
    )
  } catch (error) {
    return [unlessRefused('checked', error)]
  }
  return [...found].map(([level, names]) => {
    const means = HALF.includes(level)
      ? 'new schemas are compared with the latest only'
      : 'others may register schemas that cannot read what is written'
    return `Schema registry: compatibility is ${level} for ${listed(names)}: ${means}. Set it to ${OURS} (PUT /config/{subject}).`
  })
}

function listed(names: readonly string[]): string {
  const sorted = [...names].sort()
  const rest = sorted.length - 3
  return rest > 0 ? `${sorted.slice(0, 3).join(', ')} and ${rest} more` : sorted.join(', ')
}
