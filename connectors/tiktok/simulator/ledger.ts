import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import { addDays } from '../../../plugins/sync/index.ts'
import { hasNoValue } from './metrics.ts'
import type { Platform } from './platform.ts'

/** Figures as the connector should have them in the end, straight from the world: nothing of a route is in between. */
export interface LedgerFigures {
  readonly account_id: string
  readonly campaign_id: string
  readonly date: string
  readonly currency: string
  readonly impressions: number
  readonly clicks: number
  readonly spend_micros: number
  readonly conversions_micros: number
  readonly revenue_micros: number | null
}

export interface AdDay extends LedgerFigures {
  readonly adset_id: string
  readonly ad_id: string
  readonly reach: number
}

export interface GroupDay extends LedgerFigures {
  readonly age: string
  readonly gender: string
  readonly country: string
}

export class Ledger {
  readonly #platform: Platform

  constructor(platform: Platform) {
    this.#platform = platform
  }

  /** Of every ad, deleted ones too, in days from one to another. */
  adDays(from: string, to: string, asOf = this.#platform.asOf): AdDay[] {
    const { world, entities } = this.#platform
    const rows: AdDay[] = []
    for (const account of entities.accounts)
      for (const node of entities.of(account.id, 'ad'))
        for (let date = from; date <= to; date = addDays(date, 1)) {
          const figures = world.adDay('tiktok', node.id, date, asOf)
          if (figures === null) continue
          rows.push({
            account_id: account.id,
            campaign_id: node.campaign.id,
            adset_id: node.adset!.id,
            ad_id: node.id,
            date,
            currency: account.currency,
            ...columns(figures, hasNoValue({ node, figures }) ? null : figures.revenueMicros),
            reach: figures.reach,
          })
        }
    return rows
  }

  /** Of every campaign and group of people; reports of groups have no value of purchases. */
  groupDays(from: string, to: string, asOf = this.#platform.asOf): GroupDay[] {
    const { world, entities } = this.#platform
    const rows: GroupDay[] = []
    for (const account of entities.accounts)
      for (const { id } of account.campaigns)
        for (let date = from; date <= to; date = addDays(date, 1))
          for (const { age, gender, country, ...figures } of world.demographics('tiktok', id, date, asOf))
            rows.push({
              account_id: account.id,
              campaign_id: id,
              date,
              currency: account.currency,
              age,
              gender,
              country,
              ...columns(figures, null),
            })
    return rows
  }
}

const columns = (figures: AdFigures, revenue: number | null) => ({
  impressions: figures.impressions,
  clicks: figures.clicks,
  spend_micros: figures.spendMicros,
  conversions_micros: figures.conversionsMicros,
  revenue_micros: revenue,
})
