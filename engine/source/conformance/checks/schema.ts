import { validate } from '../../../config/index.ts'
import { messageOf } from '../../../errors.ts'
import { isSecretName } from '../../../telemetry/redact.ts'
import type { JsonSchema } from '../../port.ts'
import type { Check } from '../check.ts'
import { count, failed } from '../result.ts'

/** What a person fills in: every setting has a title, defaults are valid, what looks like a credential is a secret. */
export const schema: Check = {
  name: 'schema',
  title: 'the configuration schema is valid, every setting has a title, secrets are marked',
  async run(lab) {
    const { id, version, spec, trial } = lab.source
    const problems: string[] = []
    if (!/^[a-z][a-z0-9-]*$/.test(id)) problems.push(`the id ${id} is not lower-case letters, digits and -`)
    if (!/^\d+\.\d+\.\d+/.test(version)) problems.push(`the version ${version} is not x.y.z`)
    if (spec.type !== 'object') failed('the configuration schema is not an object')
    const settings = settingsIn(spec)
    for (const { path, setting } of settings) problems.push(...problemsOf(path, setting))
    if (problems.length === 0 && trial !== null)
      await lab.with(async ({ config }) => {
        validate(spec, config, 'the configuration of its trial')
      })
    if (problems.length > 0) failed(problems.join('; '))
    return count(settings.length, 'setting')
  },
}

interface Setting {
  readonly path: string
  readonly setting: JsonSchema
}

function settingsIn(schema: JsonSchema, prefix = ''): Setting[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, setting]) => {
    const path = `${prefix}/${name}`
    return [{ path, setting }, ...settingsIn(setting, path)]
  })
  return [
    ...own,
    ...(schema.items ? settingsIn(schema.items, `${prefix}/*`) : []),
    ...(typeof schema.additionalProperties === 'object'
      ? settingsIn(schema.additionalProperties, `${prefix}/*`)
      : []),
    ...(schema.oneOf ?? []).flatMap(one => settingsIn(one, prefix)),
  ]
}

function problemsOf(path: string, setting: JsonSchema): string[] {
  const problems: string[] = []
  const name = path.slice(path.lastIndexOf('/') + 1)
  const isText = [setting.type].flat().includes('string')
  if (!setting.title) problems.push(`${path} has no title`)
  if (isText && isSecretName(name) && !setting.secret)
    problems.push(`${path} is a secret and not marked as one`)
  if (setting.secret && setting.default !== undefined) problems.push(`${path} is a secret with a default`)
  try {
    // A default is not allowed at the root of a schema.
    const { default: standard, ...rest } = setting
    if (standard !== undefined) validate(rest, standard, `the default of ${path}`)
  } catch (error) {
    problems.push(messageOf(error))
  }
  return problems
}
