import { readFile } from 'node:fs/promises'
import { parse as parseYaml } from 'yaml'
import { configError } from '../../plugins/errors.ts'
import { isCurrency } from '../../plugins/money/index.ts'
import { type FromSchema, object, optional, string } from '../../plugins/schema.ts'
import { dateReader, INSTANT_FORMATS, instantOf } from './dates.ts'
import { checkMapping, FIELDS, type Mapping, rulesOf } from './mapping.ts'
import { READY } from './mappings/index.ts'
import { platformOf } from './platforms.ts'

const id = { type: ['string', 'integer'] as const }

export const Settings = object({
  path: string({
    title: 'File or folder',
    description: '.csv, .tsv, also .gz; folders with all below',
    minLength: 1,
  }),
  mapping: {
    title: 'Mapping',
    description: `A ready mapping (${Object.keys(READY).join(', ')}), a .yaml or .json file, or {"columns": …}`,
    oneOf: [{ type: 'string' }, { type: 'object' }],
    examples: ['kag', './spend.yaml', { columns: { campaign_id: 'Campaign ID', date: 'Day' } }],
  },
  platform: optional(string({ title: 'Platform', description: 'Of all rows, whatever the mapping says' })),
  date: optional(string({ title: 'Day', description: 'YYYY-MM-DD, of all rows, whatever the mapping says' })),
  account_id: optional({ ...id, title: 'Account', description: 'Of all rows, whatever the mapping says' }),
  currency: optional(
    string({ title: 'Currency', description: 'ISO 4217, of all rows, whatever the mapping says' }),
  ),
  duplicates: optional(
    string({
      title: 'Rows of one ad and day',
      enum: ['reject', 'sum'],
      description: "Instead of the mapping's",
    }),
  ),
})
export type Settings = FromSchema<typeof Settings>

/** The mapping with the settings laid over it: what a setting gives has no column any more. @throws config */
export async function mappingOf(settings: Settings): Promise<Mapping> {
  const mapping = checkMapping(await load(settings.mapping))
  const over: Record<string, string> = {}
  for (const field of ['platform', 'date', 'account_id', 'currency'] as const) {
    const value = settings[field]
    if (value === undefined) continue
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw configError(`${value} lost digits as a number: write it in quotes, '"…"'`, `/${field}`)
    over[field] = String(value)
  }
  const columns = Object.fromEntries(Object.entries(mapping.columns).filter(([field]) => !(field in over)))
  const constants = { ...mapping.constants, ...over }
  const duplicates = settings.duplicates ?? mapping.duplicates
  return checked({ ...mapping, columns, constants, ...(duplicates ? { duplicates } : {}) }, over)
}

async function load(mapping: unknown): Promise<unknown> {
  if (typeof mapping !== 'string') return mapping
  if (Object.hasOwn(READY, mapping)) return READY[mapping]
  if (!/[/\\]|\.(ya?ml|json)$/i.test(mapping)) {
    const ready = Object.keys(READY).join(', ')
    throw configError(
      `no ready mapping '${mapping}': there are ${ready}; or give a .yaml or .json file`,
      '/mapping',
    )
  }
  const text = await readFile(mapping, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'no such file' : error.code
    throw configError(`cannot read ${mapping}: ${why}`, '/mapping')
  })
  try {
    return parseYaml(text)
  } catch (error) {
    const [line] = (error as Error).message.split('\n')
    throw configError(`${mapping} is neither YAML nor JSON: ${line}`, '/mapping')
  }
}

/** What can be known to be wrong before a file is open. */
function checked(mapping: Mapping, over: Readonly<Record<string, string>>): Mapping {
  const { platform, date, currency, as_of } = mapping.constants ?? {}
  const at = (field: string) => (field in over ? `/${field}` : `/mapping/constants/${field}`)
  if (platform !== undefined && platformOf(platform) === null)
    throw configError(`unknown platform '${platform}': meta, google, tiktok or snapchat`, at('platform'))
  if (date !== undefined && dateReader('YYYY-MM-DD')(date) === null)
    throw configError(`'${date}' is not a date YYYY-MM-DD`, at('date'))
  if (currency !== undefined && !isCurrency(currency.toUpperCase()))
    throw configError(`'${currency}' is not an ISO 4217 currency`, at('currency'))
  if (as_of !== undefined && instantOf(as_of) === null)
    throw configError(`'${as_of}' is not an ISO instant with its zone`, at('as_of'))
  for (const rule of rulesOf(mapping, 'date')) {
    try {
      dateReader(rule.format ?? 'YYYY-MM-DD')
    } catch (error) {
      throw configError((error as Error).message, '/mapping/columns/date')
    }
  }
  for (const { format } of rulesOf(mapping, 'as_of'))
    if (format !== undefined && !INSTANT_FORMATS.includes(format))
      throw configError(
        `format '${format}' is none of ${INSTANT_FORMATS.join(', ')}`,
        '/mapping/columns/as_of',
      )
  for (const field of ['platform', 'date', 'account_id', 'campaign_id', 'currency'] as const)
    if (rulesOf(mapping, field).length === 0 && mapping.constants?.[field] === undefined)
      throw configError(`says nothing of ${field}: map a column or give a constant`, '/mapping')
  if (!FIELDS.some(field => rulesOf(mapping, field).length > 0))
    throw configError('maps no column', '/mapping')
  return mapping
}
