import { isPaid } from '../../sessions/channel.ts'
import { CLICK_IDS, PLATFORMS, type Platform } from '../../signals/platform.ts'

/** The advertisement that first brought a contact, as far as its CRM tells. */
export interface PaidTouch {
  /** Null: paid for, and nobody says where. */
  readonly platform: Platform | null
  /** As a link named it: the campaign's name or its id; null: not known. */
  readonly campaign: string | null
}

/** HubSpot's original sources that were paid for; a search may have been on any engine. */
const PAID = new Set(['PAID_SEARCH', 'PAID_SOCIAL'])
/** Its sources that were not. */
const UNPAID =
  /^(ORGANIC_SEARCH|SOCIAL_MEDIA|EMAIL_MARKETING|REFERRALS|OTHER_CAMPAIGNS|DIRECT_TRAFFIC|OFFLINE|AI_REFERRALS)$/

/**
 * Null: no advertisement is known. A click id names the platform; Meta's is on links that nobody paid for too, and counts
 * where the CRM does not say that the contact came otherwise. Of ids of several platforms nobody knows which was first:
 * the order of names.md.
 */
export function paidTouch(contact: {
  readonly click_ids: Readonly<Record<string, string>>
  readonly lead_source: string | null
  readonly campaign: string | null
}): PaidTouch | null {
  const { click_ids, lead_source, campaign } = contact
  const source = lead_source?.trim() ?? ''
  const isUnpaid = UNPAID.test(source)
  const platform =
    PLATFORMS.find(name => CLICK_IDS[name].some(id => click_ids[id]) && !(name === 'meta' && isUnpaid)) ??
    null
  if (platform === null && !PAID.has(source) && !isPaid(source.toLowerCase())) return null
  return { platform, campaign: campaign === null ? null : campaignWord(campaign) || null }
}

/** A touch, and when the CRM said so, UTC microseconds. */
export type SaidTouch = PaidTouch & { readonly at: number }

/**
 * Whether a touch was before another. Of one instant it is the one that tells more, platform before campaign, and then the
 * first by name: whichever arrives first, the same one stays.
 */
export function isBefore(touch: SaidTouch, other: SaidTouch): boolean {
  if (touch.at !== other.at) return touch.at < other.at
  const [a, b] = [touch, other].map(({ platform, campaign }) => [platform ?? LAST, campaign ?? LAST] as const)
  return a![0] === b![0] ? a![1] < b![1] : a![0] < b![0]
}

/** After every name. */
const LAST = '\uffff'

const MOST_LETTERS = 200

/** A campaign as links and platforms name it, letter case aside: a key of state, which has an end. */
export const campaignWord = (text: string): string =>
  text.trim().replaceAll('\0', ' ').toLowerCase().slice(0, MOST_LETTERS)
