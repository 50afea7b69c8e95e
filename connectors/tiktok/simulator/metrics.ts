import { fromMicros } from '../../../plugins/money/index.ts'
import type { AdFigures } from '../../../plugins/simulator/world/port.ts'
import type { Node } from './entities.ts'

/** What a row of a report is of. */
export interface Reported {
  readonly node: Node | null
  readonly figures: AdFigures
}

/** An amount as text with three decimals at least, all of its digits: `20.000`. */
export function amountText(micros: number): string {
  const [whole, fraction = ''] = fromMicros(micros).split('.')
  return `${whole}.${fraction.padEnd(3, '0')}`
}

const ratio = (part: number, of: number, digits: number): string => (of === 0 ? 0 : part / of).toFixed(digits)
/** Money by something, in the major unit. */
const price = (micros: number, by: number) => ratio(micros / 1_000_000, by, 3)

/** Every metric there is: reports give text only. */
export const METRICS: Readonly<Record<string, (reported: Reported) => string>> = {
  spend: ({ figures }) => amountText(figures.spendMicros),
  impressions: ({ figures }) => String(figures.impressions),
  clicks: ({ figures }) => String(figures.clicks),
  reach: ({ figures }) => String(figures.reach),
  conversion: ({ figures }) => fromMicros(figures.conversionsMicros),
  total_purchase_value: purchaseValue,
  ctr: ({ figures }) => ratio(figures.clicks * 100, figures.impressions, 2),
  cpc: ({ figures }) => price(figures.spendMicros, figures.clicks),
  cpm: ({ figures }) => price(figures.spendMicros * 1000, figures.impressions),
  frequency: ({ figures }) => ratio(figures.impressions, figures.reach, 2),
  cost_per_conversion: ({ figures }) => price(figures.spendMicros * 1_000_000, figures.conversionsMicros),
  conversion_rate: ({ figures }) => ratio(figures.conversionsMicros / 10_000, figures.clicks, 2),
  campaign_id: ({ node }) => node?.campaign.id ?? '-',
  campaign_name: ({ node }) => node?.campaign.name ?? '-',
  adgroup_id: ({ node }) => node?.adset?.id ?? '-',
  adgroup_name: ({ node }) => node?.adset?.name ?? '-',
  ad_name: ({ node }) => node?.ad?.name ?? '-',
}

/** In reports of groups of people there is no reach, and no value of purchases. */
export const NOT_OF_GROUPS = ['reach', 'frequency', 'total_purchase_value']

/** A campaign that asks for no purchases and has none has no value of them either. */
export const hasNoValue = ({ node, figures }: Reported): boolean =>
  figures.revenueMicros === 0 &&
  (node?.campaign.objective === 'traffic' || node?.campaign.objective === 'awareness')

function purchaseValue(reported: Reported): string {
  return hasNoValue(reported) ? '-' : amountText(reported.figures.revenueMicros)
}

export const NOTHING: AdFigures = {
  impressions: 0,
  clicks: 0,
  spendMicros: 0,
  conversionsMicros: 0,
  revenueMicros: 0,
  reach: 0,
}

export function sum(all: readonly AdFigures[]): AdFigures {
  return all.reduce(
    (a, b) => ({
      impressions: a.impressions + b.impressions,
      clicks: a.clicks + b.clicks,
      spendMicros: a.spendMicros + b.spendMicros,
      conversionsMicros: a.conversionsMicros + b.conversionsMicros,
      revenueMicros: a.revenueMicros + b.revenueMicros,
      reach: a.reach + b.reach,
    }),
    NOTHING,
  )
}
