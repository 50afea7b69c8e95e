import type { JsonSchema } from './port.ts'

/** A setting as documents show it. */
export type SettingRow = {
  /** Those of a section by their dotted names, as `--set` takes them. */
  readonly setting: string
  readonly type: string
  readonly required: 'yes' | 'no'
  readonly default: unknown
  readonly meaning: string
}

/** A row a setting. */
export function settingsIn(schema: JsonSchema, prefix = ''): SettingRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, setting]) => {
    if (setting.properties) return settingsIn(setting, `${prefix}${name}.`)
    const { title, description, secret } = setting
    return [
      {
        setting: `${prefix}${name}`,
        type: typeOf(setting),
        required: schema.required?.includes(name) ? 'yes' : 'no',
        default: setting.default ?? null,
        meaning: [title, description, secret ? 'secret' : undefined].filter(Boolean).join('. '),
      } as const,
    ]
  })
}

/** The settings as a table in Markdown: what stands in the README of a connector. */
export function settingsTable(spec: JsonSchema): string {
  const rows = settingsIn(spec).map(({ setting, type, required, default: standard, meaning }) => [
    `\`${setting}\``,
    type,
    required === 'yes' ? 'required' : standard === null ? '' : `\`${JSON.stringify(standard)}\``,
    meaning,
  ])
  const lines = [['setting', 'type', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows]
  return lines.map(cells => `| ${cells.map(inCell).join(' | ')} |\n`).join('')
}

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function typeOf({ type, enum: values, oneOf, items }: JsonSchema): string {
  if (values) return values.join(' | ')
  if (oneOf) return oneOf.map(typeOf).join(' | ')
  if (type === 'array' && items) return `list of ${typeOf(items)}`
  return type === undefined ? 'any' : [type].flat().join(' | ')
}
