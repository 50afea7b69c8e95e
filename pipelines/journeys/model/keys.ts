import type { Touch } from '../../attribution/model/journey.ts'
import type { Touched } from './touches.ts'

/** What stands for something that is not known, or that there is none of. */
export const NONE = '(none)'

/** Names are what people type into links: they are keys of state, which have an end. */
const MOST = 200

/** Neither plain objects nor maps out of the log have a key of that name. */
const NO_KEY = '__proto__'

/** What a touch is credited by. A campaign and an ad are named by their ids where these are known. */
export function touchOf(touch: Touched): Touch {
  return {
    at: touch.started_at,
    channel: nameOf(touch.channel),
    source_medium: sourceMedium(touch),
    platform: nameOf(touch.platform),
    campaign: nameOf(touch.campaign_id ?? touch.campaign),
    ad: nameOf(touch.ad_id),
  }
}

/** As GA4 writes it: `google / organic` (platforms.md §5.3). */
export const sourceMedium = ({ source, medium }: Pick<Touched, 'source' | 'medium'>): string =>
  nameOf(`${source ?? '(not set)'} / ${medium ?? '(not set)'}`)

/** A name that any record or state can have as a key. */
export function nameOf(text: string | null): string {
  if (text === null || text === '') return NONE
  if (text === NO_KEY) return `(${NO_KEY})`
  const plain = text.includes('\0') ? text.replaceAll('\0', ' ') : text
  // Half a character at the cut is none.
  return plain.length > MOST ? plain.slice(0, MOST).replace(/[\uD800-\uDBFF]$/, '') : plain
}
