import { partitionOf } from '../../engine/log/partition.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { campaignWord } from '../crm/model/touch.ts'
import { NONE } from '../journeys/model/keys.ts'
import { type Costs, costBook, costsOn } from './model/costs.ts'
import { addSums, type LadderSums, noSums, sumsOf } from './model/ladder.ts'
import { costsInForce } from './settings/subject.ts'
import {
  type CellState,
  cellIn,
  DIMENSIONS,
  lineIn,
  type Ref,
  type State,
  type TenantState,
  tenantIn,
} from './state.ts'

/** Lines of a day are listed in so many parts: a part is read and written at once. */
export const SHARDS = 16

/** Where and how something was sold. Unknown is NONE. */
export interface Way {
  readonly date: string
  readonly product: string
  readonly category: string
  /** Connector: where it was sold. */
  readonly source: string
  /** Ad platform and campaign that brought it. */
  readonly platform: string
  readonly campaign: string
  readonly currency: string
}

const FIELDS = ['date', 'product', 'category', 'source', 'platform', 'campaign', 'currency'] as const
export const lineRef = (way: Way): Ref => ['line', ...FIELDS.map(name => way[name])]
const wayOf = (ref: Ref): Way =>
  Object.fromEntries(FIELDS.map((name, i) => [name, ref[i + 1]!])) as unknown as Way

const NO_COSTS = costsOn(costBook([]), { product: null, category: null, platform: null }, '')
const known = (name: string) => (name === NONE ? null : name)

/** Lines and rows of a tenant, brought up to date at whatever keys they lie. */
export class Books {
  readonly #ctx: StageContext
  readonly #tenant: string

  constructor(ctx: StageContext, tenant: string) {
    this.#ctx = ctx
    this.#tenant = tenant
  }

  state = (ref: Ref): State => this.#ctx.other<State>([this.#tenant, ...ref])
  #changed = (ref: Ref): void => this.#ctx.otherChanged([this.#tenant, ...ref])
  get tenant(): TenantState {
    return tenantIn(this.state([]))
  }

  /** A row that is about to change. */
  cell(dimension: string, key: string, date: string): CellState {
    const ref = ['cell', dimension, key, date]
    const cell = cellIn(this.state(ref))
    if (cell.revision === 0 && !cell.changed) this.#listDay(date)
    cell.changed = true
    this.#changed(ref)
    return cell
  }

  /** Units and money of a line, added to it and to its rows. */
  sell(way: Way, units: number, gross: number, refunds: number): void {
    const ref = lineRef(way)
    const line = lineIn(this.state(ref))
    if (line.given === null) this.#listLine(ref, way.date)
    line.units += units
    line.gross += gross
    line.refunds += refunds
    this.settle(ref)
  }

  /** A line with its costs as they are in force, in all its rows. */
  settle(ref: Ref): void {
    const way = wayOf(ref)
    const line = lineIn(this.state(ref))
    const sums = sumsOf({
      ...{ units: line.units, gross_micros: line.gross, refunds_micros: line.refunds, tax_micros: 0 },
      costs: this.#costsOf(way),
    })
    for (const [dimension, key] of keysOf(way)) {
      const cell = this.cell(dimension, key, way.date)
      move(cell, way.currency, line.given, sums)
    }
    line.given = sums
    this.#changed(ref)
  }

  /** A campaign's name, as links have it. */
  nameCampaign(platform: string, name: string, id: string): void {
    const ref = ['name', platform, campaignWord(name)]
    const state = this.state(ref)
    const ids = state.name ?? []
    if (ids.includes(id) || ids.length > 1) return
    state.name = [...ids, id]
    this.#changed(ref)
  }

  /** The id of the one campaign that is known by a name; else the name. */
  campaignOf(platform: string, name: string): string {
    const ids = this.state(['name', platform, campaignWord(name)]).name ?? []
    return ids.length === 1 ? ids[0]! : name
  }

  #costsOf({ date, product, category, source, currency }: Way): Costs {
    const costs = costsInForce(this.tenant.text)
    if (costs.currency !== null && costs.currency !== currency) return NO_COSTS
    return costsOn(costs.book, { product: known(product), category: known(category), platform: source }, date)
  }

  #listDay(date: string): void {
    const { tenant } = this
    if (tenant.days.includes(date)) return
    tenant.days = [...tenant.days, date].sort()
    this.#changed([])
  }

  #listLine(ref: Ref, date: string): void {
    const at = ['day', date, String(partitionOf(ref.join('\0'), SHARDS))]
    const state = this.state(at)
    state.day = [...(state.day ?? []), ref]
    this.#changed(at)
  }
}

/** Rows that a line is a part of. */
export const keysOf = (way: Way): readonly (readonly [string, string])[] =>
  DIMENSIONS.map(dimension => [dimension, dimension === 'account' ? '' : way[dimension]] as const)

function move(cell: CellState, currency: string, before: LadderSums | null, after: LadderSums): void {
  const sums = cell.money[currency] ?? noSums()
  if (before) addSums(sums, before, -1)
  cell.money[currency] = addSums(sums, after)
}
