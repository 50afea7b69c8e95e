import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import type { AllocationOffer, Subject } from '../rules/model/subject.ts'
import type { CampaignWeeks } from './model/weeks.ts'

/** What stages of the tenant task hand to those after them; none of it is written anywhere. */

/** A campaign's weeks, once an hour while it spends, and when an ingest ends. */
export interface WeeksTold extends BaseRecord {
  readonly hour: number
  readonly isFinal: boolean
  readonly entity: string
  readonly campaign: Readonly<CampaignWeeks>
}
export const weeksToldKind = defineKind<WeeksTold>('campaign_weeks_told', [])

/** What the last split offers a campaign; null: nothing (any more). */
export interface OfferMade extends BaseRecord {
  readonly subject: Subject
  readonly offer: AllocationOffer | null
}
export const offerMadeKind = defineKind<OfferMade>('allocation_offer', [])
