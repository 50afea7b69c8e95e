import { type InForce, nothingSaid } from '../../current/model.ts'
import { type Cell, type DealShare, emptyCell } from '../model/cell.ts'
import type { SaidTouch } from '../model/touch.ts'

/** Words of stages kept of a contact or deal: those that were said first. */
export const MOST_WORDS = 50
/** Deals that a contact is told of, contacts that a deal is, and contacts that wait for a campaign to get its name. */
export const MOST_DEALS = 100
export const MOST_CONTACTS = 50
export const MOST_WAITING = 500

/** Key of a state of this stage, without the tenant. */
export type Ref = readonly string[]

export interface ContactState {
  said: InForce
  created: number | null
  deleted: boolean
  words: string[]
  /** The first paid touch, and when the CRM said so. */
  touch: SaidTouch | null
  /** Where it counts; null: no ad brought it, or nobody knows when it was created. */
  cell: Ref | null
  deals: Ref[]
  given: { readonly cell: Ref; readonly depth: number } | null
}

export interface DealState {
  said: InForce
  amount: number | null
  currency: string | null
  stage: string | null
  state: DealShare['state']
  deleted: boolean
  words: string[]
  everWon: boolean
  contacts: Ref[]
  /** The contact it counts with. */
  owner: Ref | null
  given: { readonly cell: Ref; readonly share: DealShare } | null
}

export interface CellState {
  cell: Cell
  revision: number
  changed: boolean
}

/** Campaigns of one name on one platform, and contacts that named it before it was known. */
export interface NameState {
  ids: string[]
  waiting: Ref[]
}

/** What holds for a whole tenant. */
export interface TenantState {
  /** Settings, JSON. */
  text: string
  /** UTC days on which contacts were created. */
  days: string[]
  /** Day that is to be counted anew next, after other settings; null: none. */
  redo: string | null
}

/** One of them, by the key. Plain JSON. */
export interface State {
  contact?: ContactState
  deal?: DealState
  cell?: CellState
  name?: NameState
  tenant?: TenantState
  /** Contacts that were created on a day, in one of its shards. */
  day?: Ref[]
}

export const contactIn = (state: State): ContactState => {
  state.contact ??= {
    ...{ said: nothingSaid(), created: null, deleted: false, words: [], touch: null },
    ...{ cell: null, deals: [], given: null },
  }
  return state.contact
}

export const dealIn = (state: State): DealState => {
  state.deal ??= {
    ...{ said: nothingSaid(), amount: null, currency: null, stage: null, state: 'open', deleted: false },
    ...{ words: [], everWon: false, contacts: [], owner: null, given: null },
  }
  return state.deal
}

export const cellIn = (state: State): CellState => {
  state.cell ??= { cell: emptyCell(), revision: 0, changed: false }
  return state.cell
}

export const nameIn = (state: State): NameState => {
  state.name ??= { ids: [], waiting: [] }
  return state.name
}

export const tenantIn = (state: State): TenantState => {
  state.tenant ??= { text: '{}', days: [], redo: null }
  return state.tenant
}

export const same = (a: Ref | null, b: Ref | null): boolean => a?.join('\0') === b?.join('\0')
export const has = (list: readonly Ref[], ref: Ref): boolean => list.some(one => same(one, ref))
