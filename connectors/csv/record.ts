import { cut, isCurrency } from '../../plugins/money/index.ts'
import type { AdReportRecord } from '../../plugins/records/ad-report.ts'
import { dateReader, dayAfter, FIRST_DAY, instantOf } from './dates.ts'
import type { Header } from './header.ts'
import type { Constants, Field, Mapping } from './mapping.ts'
import { platformOf } from './platforms.ts'
import {
  type Cell,
  readCount,
  readFlag,
  readMillionths,
  readMoney,
  readText,
  refuse,
  ValueError,
} from './values.ts'

/**
 * Compiles how the values of a row become a record. `modified` (UTC microseconds) is the file's time of change,
 * taken for `as_of` where the mapping has none.
 * The function throws a ValueError naming column and value when the row is not what the mapping says.
 */
export function recordReader(header: Header, mapping: Mapping, modified: number) {
  const constants: Constants = mapping.constants ?? {}
  const decimal = mapping.decimal ?? '.'
  const fixedAsOf = constants.as_of === undefined ? modified : instantOf(constants.as_of)!
  const readDate = lastOf(dateReader(header.cells.get('date')?.rule.format ?? 'YYYY-MM-DD'))
  const latest = lastOf(dayAfter)
  let values: readonly string[] = []

  function cell(field: Field): Cell | null {
    const found = header.cells.get(field)
    return found ? { text: values[found.index] ?? '', rule: found.rule } : null
  }
  function text(field: 'platform' | 'account_id' | 'campaign_id' | 'adset_id' | 'ad_id' | 'currency') {
    const found = cell(field)
    return found ? readText(found) : (constants[field] ?? null)
  }
  function required(field: Parameters<typeof text>[0]): string {
    return text(field) ?? lacking(field)
  }
  function lacking(field: Field): never {
    throw new ValueError(`column ${header.cells.get(field)?.rule.column ?? field} is empty`)
  }
  function date(as_of: number): string {
    const found = cell('date')
    const given = found?.text.trim() ?? constants.date!
    if (given === '') lacking('date')
    const day = found ? readDate(given) : given
    const place = found ?? { text: given, rule: { column: 'date (constant)' } }
    if (day === null) return refuse(place, `is not a date ${found?.rule.format ?? 'YYYY-MM-DD'}`)
    if (day < FIRST_DAY) refuse(place, `lies before ${FIRST_DAY}`)
    if (day > latest(as_of))
      refuse(place, `lies after the report itself (${new Date(as_of / 1000).toISOString()})`)
    return day
  }
  function asOf(): number {
    const found = cell('as_of')
    if (!found || found.text.trim() === '') return fixedAsOf
    return instantOf(found.text.trim(), found.rule.format) ?? refuse(found, 'is not an instant with its zone')
  }
  function platform() {
    const name = required('platform')
    const known = platformOf(name)
    if (known === null) throw new ValueError(`unknown platform '${cut(name)}'`)
    return known
  }
  function currency() {
    const code = required('currency').toUpperCase()
    if (!isCurrency(code)) throw new ValueError(`unknown currency '${cut(code)}'`)
    return code
  }
  const count = (found: Cell | null) => (found ? readCount(found, decimal) : null)
  const money = (found: Cell | null, code: string) => (found ? readMoney(found, decimal, code) : null)

  return (row: readonly string[]): AdReportRecord => {
    values = row
    const as_of = asOf()
    const code = currency()
    const conversions = cell('conversions_micros')
    const settled = cell('settled')
    return {
      platform: platform(),
      date: date(as_of),
      account_id: required('account_id'),
      campaign_id: required('campaign_id'),
      adset_id: text('adset_id'),
      ad_id: text('ad_id'),
      impressions: count(cell('impressions')),
      clicks: count(cell('clicks')),
      spend_micros: money(cell('spend_micros'), code),
      revenue_micros: money(cell('revenue_micros'), code),
      currency: code,
      conversions_micros: conversions ? readMillionths(conversions, decimal) : null,
      reach: count(cell('reach')),
      settled: (settled ? readFlag(settled) : null) ?? constants.settled ?? false,
      as_of,
    }
  }
}

/** Remembers the last answer: rows of a file come day by day. */
function lastOf<A, B>(compute: (given: A) => B): (given: A) => B {
  let last: { given: A; answer: B } | null = null
  return given => {
    if (last?.given !== given) last = { given, answer: compute(given) }
    return last.answer
  }
}
