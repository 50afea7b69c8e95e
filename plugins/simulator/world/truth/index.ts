import type { CrmWorld } from '../crm.ts'
import type { AdWorld } from '../port.ts'
import type { SiteWorld } from '../site.ts'
import { type AdDay, adDaysOf } from './ad-days.ts'
import { adWorldOf } from './ads.ts'
import { crmWorldOf } from './crm.ts'
import { type DayTruth, dayTruth } from './ledger.ts'
import { type TruthOptions, truthOptions } from './options.ts'
import { People } from './people.ts'
import { siteWorldOf } from './site.ts'

/**
 * One hidden truth and what each platform sees of it. Everything follows from the seed and the day that is asked for,
 * in whatever order: `firstDay` only says from where on it is told.
 */
export interface Truth {
  readonly options: TruthOptions
  readonly people: People
  readonly ads: AdWorld
  readonly site: SiteWorld
  /** @param lastDay of the days on which its people first came */
  crm(lastDay: string): CrmWorld
  /** What happened to each ad on a day: clicks, and the orders that its platform credits to them. */
  adDays(day: string): ReadonlyMap<string, AdDay>
  /** What attribution is judged against. */
  day(day: string): DayTruth
}

export function truth(given: Partial<TruthOptions> & { readonly firstDay: string }): Truth {
  const options = truthOptions(given)
  const people = new People(options)
  const adDays = adDaysOf(people)
  return {
    options,
    people,
    ads: adWorldOf(options, adDays),
    site: siteWorldOf(people),
    crm: lastDay => crmWorldOf(people, lastDay),
    adDays,
    day: day => dayTruth(people, adDays, day),
  }
}

export type { AdDay, Credit } from './ad-days.ts'
export { CAMPAIGNS } from './campaigns.ts'
export { type Outage, OVER_CLAIM, outagesBetween } from './faults.ts'
export type { CampaignTruth, DayTruth } from './ledger.ts'
export type { TruthOptions } from './options.ts'
