import { dayInUtc } from '../../../engine/clock/days.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import type { StageContext } from '../../../engine/stage/stage.ts'
import { addContact, addDeal, type DealShare } from '../model/cell.ts'
import { contactDepth, dealDepth, probabilityIn } from '../model/stages.ts'
import { stageNamesOf } from '../settings/subject.ts'
import {
  type CellState,
  type ContactState,
  cellIn,
  contactIn,
  type DealState,
  dealIn,
  has,
  MOST_DEALS,
  MOST_WAITING,
  type NameState,
  nameIn,
  type Ref,
  type State,
  same,
  type TenantState,
  tenantIn,
} from './state.ts'

/** Contacts of a day are listed in so many parts: a part is read and written at once. */
export const SHARDS = 16

/** Where contacts and deals count, brought up to date at whatever keys of a tenant they lie. */
export class Books {
  readonly #ctx: StageContext
  readonly #tenant: string

  constructor(ctx: StageContext, tenant: string) {
    this.#ctx = ctx
    this.#tenant = tenant
  }

  state = (ref: Ref): State => this.#ctx.other<State>([this.#tenant, ...ref])
  changed = (ref: Ref): void => this.#ctx.otherChanged([this.#tenant, ...ref])
  contact = (ref: Ref): ContactState => contactIn(this.state(ref))
  deal = (ref: Ref): DealState => dealIn(this.state(ref))
  name = (ref: Ref): NameState => nameIn(this.state(ref))
  get tenant(): TenantState {
    return tenantIn(this.state([]))
  }

  /** A contact as it is said to be now: where it counts, and its deals with it. */
  placeContact(ref: Ref): void {
    const contact = this.contact(ref)
    const cell = this.#cellOf(ref, contact)
    if (!same(cell, contact.cell)) {
      contact.cell = cell
      this.changed(ref)
      if (cell !== null) this.#list(ref, cell[1]!)
      for (const deal of contact.deals) this.settleDeal(deal)
    }
    this.countContact(ref)
  }

  /** A deal belongs to its contact that an ad brought and that was created first: it counts once, and there. */
  settleDeal(ref: Ref): void {
    const deal = this.deal(ref)
    const before = deal.owner
    deal.owner = this.#ownerOf(deal)
    const cell = deal.owner === null ? null : this.contact(deal.owner).cell
    const given = cell === null || deal.deleted ? null : { cell, share: this.#shareOf(deal) }
    if (JSON.stringify(given) !== JSON.stringify(deal.given) || !same(before, deal.owner)) {
      if (deal.given) addDeal(this.#cell(deal.given.cell).cell, deal.given.share, -1)
      if (given) addDeal(this.#cell(given.cell).cell, given.share, 1)
      deal.given = given
      this.changed(ref)
    }
    if (before !== null && !same(before, deal.owner)) this.countContact(before)
    if (deal.owner !== null) this.countContact(deal.owner)
  }

  countContact(ref: Ref): void {
    const contact = this.contact(ref)
    const names = stageNamesOf(this.tenant.text)
    const depths = contact.deals.flatMap(one => {
      const deal = this.deal(one)
      if (deal.deleted || !same(deal.owner, ref)) return []
      return [dealDepth(deal.words, deal.everWon, names)]
    })
    const depth = Math.max(contactDepth(contact.words, names), ...depths)
    const given = contact.cell === null ? null : { cell: contact.cell, depth }
    if (JSON.stringify(given) === JSON.stringify(contact.given)) return
    if (contact.given) addContact(this.#cell(contact.given.cell).cell, contact.given.depth, -1)
    if (given) addContact(this.#cell(given.cell).cell, given.depth, 1)
    contact.given = given
    this.changed(ref)
  }

  /** Tells contacts of a deal that they have it, or have it no more. */
  link(ref: Ref, before: readonly Ref[], after: readonly Ref[]): void {
    for (const one of before.filter(other => !has(after, other))) {
      const contact = this.contact(one)
      contact.deals = contact.deals.filter(deal => !same(deal, ref))
      this.changed(one)
    }
    for (const one of after) {
      const contact = this.contact(one)
      if (has(contact.deals, ref) || contact.deals.length >= MOST_DEALS) continue
      contact.deals.push(ref)
      this.changed(one)
    }
  }

  /** A name or id of a campaign: contacts that came by it are placed. */
  nameCampaign(platform: string, word: string, id: string): void {
    const at = ['name', platform, word]
    const name = this.name(at)
    // Of two campaigns of one name nobody knows which it was, whatever others there are.
    if (name.ids.includes(id) || name.ids.length > 1) return
    name.ids.push(id)
    this.changed(at)
    for (const contact of name.waiting) this.placeContact(contact)
  }

  /** A cell that is about to change. */
  #cell(ref: Ref): CellState {
    const cell = cellIn(this.state(ref))
    cell.changed = true
    this.changed(ref)
    return cell
  }

  #cellOf(ref: Ref, { created, deleted, touch }: ContactState): Ref | null {
    if (created === null || deleted || touch === null) return null
    const campaign = touch.campaign === null ? '' : this.#campaignId(ref, touch.platform, touch.campaign)
    return ['cell', dayInUtc(created), touch.platform ?? '', campaign]
  }

  /** The id of the one campaign of that name or id; '': none is known yet, or several. */
  #campaignId(ref: Ref, platform: string | null, named: string): string {
    if (platform === null) return ''
    const at = ['name', platform, named]
    const name = this.name(at)
    if (!has(name.waiting, ref) && name.waiting.length < MOST_WAITING) {
      name.waiting.push(ref)
      this.changed(at)
    }
    return name.ids.length === 1 ? name.ids[0]! : ''
  }

  #list(ref: Ref, date: string): void {
    const { tenant } = this
    if (!tenant.days.includes(date)) {
      tenant.days = [...tenant.days, date].sort()
      this.changed([])
    }
    const at = ['day', date, String(partitionOf(ref.join('\0'), SHARDS))]
    const state = this.state(at)
    state.day ??= []
    if (has(state.day, ref)) return
    state.day.push(ref)
    this.changed(at)
  }

  #ownerOf(deal: DealState): Ref | null {
    let first: { readonly ref: Ref; readonly created: number } | null = null
    for (const ref of deal.contacts) {
      const { cell, created } = this.contact(ref)
      if (cell === null || created === null) continue
      const isEarlier =
        first === null ||
        created < first.created ||
        (created === first.created && ref.join() < first.ref.join())
      if (isEarlier) first = { ref, created }
    }
    return first?.ref ?? null
  }

  #shareOf({ state, amount, currency, stage }: DealState): DealShare {
    const probability = probabilityIn(stage, stageNamesOf(this.tenant.text))
    return { state, amount_micros: amount, currency, probability }
  }
}
