import type { ByCurrency, Spend } from '../by-currency.ts'
import type { LadderSums } from './model/ladder.ts'

/** Key of a state of this stage, without the tenant. */
export type Ref = readonly string[]

export const DIMENSIONS = ['account', 'product', 'category', 'platform', 'campaign'] as const
export type ProfitDimension = (typeof DIMENSIONS)[number]

/** Sales of one product on one day that came one way, in one currency. */
export interface LineState {
  units: number
  gross: number
  refunds: number
  /** What it has given to the rows that it is a part of. */
  given: LadderSums | null
}

/** A row: sums of its lines, by currency. */
export interface CellState {
  money: ByCurrency<LadderSums>
  /** Sales and refunds without an amount. */
  unvalued: number
  spend: Spend
  revision: number
  changed: boolean
}

export interface TenantState {
  /** Settings, JSON. */
  text: string
  /** Days of which there are rows. */
  days: string[]
  /** Day whose sales are to be counted anew next, after other costs; null: none. */
  redo: string | null
}

/** One of them, by the key. Plain JSON. */
export interface State {
  line?: LineState
  cell?: CellState
  tenant?: TenantState
  /** Campaigns of one name on one platform. */
  name?: string[]
  /** Lines of a day, in one of its shards. */
  day?: Ref[]
}

export const lineIn = (state: State): LineState => {
  state.line ??= { units: 0, gross: 0, refunds: 0, given: null }
  return state.line
}

export const cellIn = (state: State): CellState => {
  state.cell ??= { money: {}, unvalued: 0, spend: {}, revision: 0, changed: false }
  return state.cell
}

export const tenantIn = (state: State): TenantState => {
  state.tenant ??= { text: '{}', days: [], redo: null }
  return state.tenant
}
