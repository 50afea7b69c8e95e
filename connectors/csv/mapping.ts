import { Ajv, type ValidateFunction } from 'ajv'
import { configError } from '../../plugins/errors.ts'
import type { AdReportRecord } from '../../plugins/records/ad-report.ts'
import {
  array,
  boolean,
  type FromSchema,
  integer,
  nullable,
  object,
  optional,
  string,
} from '../../plugins/schema.ts'

/** Where one field comes from, and how the values of its column are written. */
const Rule = object({
  column: string({
    minLength: 1,
    description: 'Name in the header; case and blanks around it do not matter',
  }),
  optional: optional(boolean({ description: 'The file may lack the column: then the constant, else null' })),
  unit: optional(string({ enum: ['major', 'minor', 'micros'], description: 'Of an amount. Default: major' })),
  decimal: optional(string({ enum: ['.', ','], description: "Default: the mapping's" })),
  format: optional(
    string({ description: 'Of a date, e.g. DD/MM/YYYY; of as_of: iso, unix_s, unix_ms, unix_us' }),
  ),
  empty: optional(
    integer({ enum: [0], description: '0: an empty measure is a zero. Default: unknown (null)' }),
  ),
  remove: optional(
    string({ minLength: 1, description: 'Text taken out of an id, e.g. the - of 123-456-7890' }),
  ),
})
export type Rule = FromSchema<typeof Rule>

export type Field = keyof AdReportRecord
/** A column's name, a rule, or several rules of which the first whose column is there counts. */
export type Columns = { readonly [F in Field]?: string | Rule | readonly (string | Rule)[] }

const text = optional(string({ minLength: 1 }))
const constants = object({
  platform: text,
  date: text,
  account_id: text,
  campaign_id: text,
  adset_id: optional(nullable(string({ minLength: 1 }))),
  ad_id: optional(nullable(string({ minLength: 1 }))),
  currency: text,
  settled: optional(boolean()),
  as_of: optional(string({ description: 'ISO instant with its zone' })),
})
export type Constants = FromSchema<typeof constants>

export interface Mapping {
  readonly columns: Columns
  /** For what the file does not say. */
  readonly constants?: Constants
  /** Default: found out from the header. */
  readonly delimiter?: ',' | ';' | '\t' | '|'
  /** Default: `.` */
  readonly decimal?: '.' | ','
  /** Of rows with the same key in one file: `reject` the later ones (default), or `sum` a break-down. */
  readonly duplicates?: 'reject' | 'sum'
  /** The header is among so many first rows (title lines stand above it). Default: 1. */
  readonly header_within?: number
  /** Rows whose first value begins so are totals, left out with a notice. */
  readonly totals?: string
}

const one = { oneOf: [string({ minLength: 1 }), Rule] }
const entry = optional({ oneOf: [...one.oneOf, array(one, {})] })
const fields: readonly Field[] = [
  ...([
    'platform',
    'date',
    'account_id',
    'campaign_id',
    'adset_id',
    'ad_id',
    'impressions',
    'clicks',
  ] as const),
  ...([
    'spend_micros',
    'revenue_micros',
    'currency',
    'conversions_micros',
    'reach',
    'settled',
    'as_of',
  ] as const),
]

const schema = object({
  columns: object(Object.fromEntries(fields.map(field => [field, entry]))),
  constants: optional(constants),
  delimiter: optional(string({ enum: [',', ';', '\t', '|'] })),
  decimal: optional(string({ enum: ['.', ','] })),
  duplicates: optional(string({ enum: ['reject', 'sum'] })),
  header_within: optional(integer({ minimum: 1, maximum: 100 })),
  totals: optional(string({ minLength: 1 })),
})

let compiled: ValidateFunction<Mapping> | undefined

/** Made when first needed: it takes longer than all else in the start of a command that reads no file. */
function validator(): ValidateFunction<Mapping> {
  compiled ??= new Ajv({ strict: false, allErrors: false }).compile<Mapping>(schema)
  return compiled
}

/** @throws ConnectorError config: names the place and what is wrong there */
export function checkMapping(value: unknown): Mapping {
  const validate = validator()
  if (validate(value)) return value
  const errors = validate.errors ?? []
  const error = errors.find(e => e.keyword === 'additionalProperties' || e.keyword === 'enum') ?? errors[0]
  const params = error?.params as { allowedValues?: unknown[]; additionalProperty?: string } | undefined
  const { allowedValues: allowed, additionalProperty: extra } = params ?? {}
  const detail = extra !== undefined ? `'${extra}' is not known here` : (error?.message ?? 'is not a mapping')
  throw configError(
    `${detail}${allowed ? `: ${allowed.join(' ')}` : ''}`,
    `/mapping${error?.instancePath ?? ''}`,
  )
}

export function rulesOf(mapping: Mapping, field: Field): readonly Rule[] {
  const given = mapping.columns[field] ?? []
  const list = typeof given === 'string' || !Array.isArray(given) ? [given as string | Rule] : given
  return list.map(rule => (typeof rule === 'string' ? { column: rule } : rule))
}

export const FIELDS = fields
