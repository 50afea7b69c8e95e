import { activitiesOf, activityShown, within } from './activities.ts'
import type { Call } from './call.ts'
import { filtersOf, passes } from './filters.ts'
import { insightRows } from './insight-rows.ts'
import { insightsQuery } from './insights-query.ts'
import type { Jobs } from './jobs.ts'
import { pageOf, type RowAt } from './page.ts'
import { datasetQuality, pixelIdOf, statsOf } from './quality.ts'
import { invalid, missing, tooMuch } from './refused.ts'
import { selected } from './select.ts'
import { accountShown, nodeShown, type Shown } from './shown.ts'
import type { Level, Store } from './store.ts'
import type { Tokens } from './tokens.ts'
import type { Whims } from './whims.ts'
import { write } from './writes.ts'

export interface Parts {
  readonly store: Store
  readonly tokens: Tokens
  readonly jobs: Jobs
  readonly whims: Whims
  /** UTC microseconds. */
  readonly now: () => number
  /** What is known of history: later than `now` once it was restated. */
  readonly asOf: () => number
  readonly mostRows: number
  /** `dataset_quality` is not in every version. */
  readonly hasDatasetQuality: boolean
}

const ACTOR = '100009'
const LEVELS: Readonly<Record<string, Level>> = { campaigns: 'campaign', adsets: 'adset', ads: 'ad' }

/** The account that a call is about: its limits and rights are asked. Null: of none. */
export function ownerOf(call: Call, { store, jobs, tokens }: Parts): string | null {
  const account = /^act_(\d+)$/.exec(call.id)?.[1]
  if (account !== undefined) return account
  if (call.id === 'me' || call.id === tokens.app.id) return null
  const job = jobs.shown(call.id)
  return store.node(call.id)?.account.id ?? job?.account_id ?? null
}

/** Answers a call that was let through. @throws Refused */
export function answer(call: Call, parts: Parts): unknown {
  const { id } = call
  if (id === 'me') return me(call, parts)
  if (id === 'debug_token') return { data: parts.tokens.describe(call.params.input_token ?? '') }
  if (id === 'dataset_quality') return quality(call, parts)
  if (/^act_\d+$/.test(id)) return ofAccount(call, id.slice(4), parts)
  const pixelOf = parts.store.accounts.find(account => pixelIdOf(account.id) === id)
  if (pixelOf !== undefined) return ofPixel(call, pixelOf.id, parts)
  if (parts.store.node(id) !== undefined) return ofNode(call, parts)
  if (parts.jobs.shown(id) !== null) return ofJob(call, parts)
  throw missing(id)
}

function me(call: Call, parts: Parts) {
  if (call.edge === null) return selected({ id: ACTOR, name: 'System user' }, 'user', call.params.fields)
  const { scopes } = parts.tokens.accept(call.token!)
  if (call.edge === 'adaccounts') {
    if (!scopes.has('ads_read') && !scopes.has('ads_management')) return { data: [] }
    const fields = call.params.fields || 'account_id'
    return page(call, parts, parts.store.accounts, one => selected(accountShown(one), 'account', fields))
  }
  if (call.edge !== 'permissions') throw noEdge(call)
  const all = ['ads_read', 'ads_management', 'business_management']
  return {
    data: all.map(permission => ({ permission, status: scopes.has(permission) ? 'granted' : 'declined' })),
  }
}

function quality({ params }: Call, { store, whims, hasDatasetQuality }: Parts) {
  if (!hasDatasetQuality) throw invalid('Tried accessing nonexisting field (dataset_quality)')
  const pixel = params.dataset_id ?? ''
  if (!store.accounts.some(account => pixelIdOf(account.id) === pixel)) throw missing(pixel)
  return whims.isEmpty ? { web: [] } : datasetQuality(store.world.seed, pixel)
}

function ofAccount(call: Call, id: string, parts: Parts): unknown {
  const { store, now } = parts
  const account = store.account(id)
  if (account === undefined) throw missing(call.id)
  if (call.edge === null)
    return parts.whims.spoilt(selected(accountShown(account), 'account', call.params.fields))
  if (call.edge === 'insights') return insightsOf(call, id, null, parts)
  if (call.isWrite) throw noEdge(call)
  const level = LEVELS[call.edge]
  if (level !== undefined) {
    const filters = filtersOf(call)
    const nodes = [...store.level(account, level)].filter(node => passes(node, filters, store))
    return page(call, parts, nodes, node => selected(nodeShown(node, store), level, call.params.fields))
  }
  if (call.edge === 'activities') {
    const all = within(call, activitiesOf(account, store, now()), now())
    return page(call, parts, all, activity => activityShown(activity, account))
  }
  throw noEdge(call)
}

function ofNode(call: Call, parts: Parts): unknown {
  const { store } = parts
  const node = store.node(call.id)!
  if (call.edge === null && call.isWrite) return write(call, node, store, ACTOR)
  if (call.edge === null) return selected(nodeShown(node, store), node.level, call.params.fields)
  if (call.edge === 'insights') return insightsOf(call, node.account.id, call.id, parts)
  const level = LEVELS[call.edge]
  if (level === undefined || call.isWrite) throw noEdge(call)
  const filters = filtersOf(call)
  const nodes = [...store.level(node.account, level)].filter(
    one => (one.campaign.id === node.id || one.adset?.id === node.id) && passes(one, filters, store),
  )
  return page(call, parts, nodes, one => selected(nodeShown(one, store), level, call.params.fields))
}

function insightsOf(call: Call, account: string, node: string | null, parts: Parts): unknown {
  const { store, jobs, whims, asOf } = parts
  const of = node === null ? null : store.node(node)!
  const query = insightsQuery(call, store.account(account)!, of, asOf())
  const exceeds = (most: number) => {
    if (!Number.isFinite(most)) return false
    let n = 0
    for (const _ of insightRows(query, store, null)) if (++n > most) return true
    return false
  }
  if (call.isWrite) return { report_run_id: jobs.start(query, exceeds(whims.mostRowsOfJob)) }
  if (exceeds(whims.mostRowsAtOnce)) throw tooMuch()
  return pageOf(call, place => insightRows(query, store, place), whims, parts.mostRows)
}

function ofJob(call: Call, { store, jobs, whims, mostRows }: Parts): unknown {
  if (call.edge === null) {
    const run = jobs.shown(call.id)!
    return call.params.fields === undefined ? run : selected(run, 'run', call.params.fields)
  }
  if (call.edge !== 'insights') throw noEdge(call)
  const query = jobs.done(call.id)
  if (query === null) throw missing(call.id)
  return pageOf(call, place => insightRows(query, store, place), whims, mostRows)
}

function ofPixel(call: Call, account: string, parts: Parts): unknown {
  const { store, now } = parts
  const owner_ad_account = { id: `act_${account}`, account_id: account }
  if (call.edge === null)
    return selected({ id: call.id, name: 'Pixel', owner_ad_account }, 'pixel', call.params.fields)
  if (call.edge !== 'stats') throw noEdge(call)
  return page(call, parts, statsOf(call, store.world.seed, call.id, now()), row => row)
}

function page<T>(call: Call, { whims, mostRows }: Parts, items: readonly T[], shown: (item: T) => Shown) {
  const rowsFrom = function* (place: string | null): Generator<RowAt> {
    for (let i = Number(place ?? 0); i < items.length; i++) yield { at: String(i), row: shown(items[i]!) }
  }
  return pageOf(call, rowsFrom, whims, mostRows)
}

const noEdge = ({ edge, id }: Call) =>
  invalid(`Tried accessing nonexisting field (${edge}) on node type of ${id}`)
