import type { EventFact } from '../ingest/facts.ts'
import { type Platform, platformOf } from '../signals/platform.ts'

/** What an event says of the advertisement that brought it. */
export interface Click {
  readonly platform: Platform | null
  /** Of a link's `utm_id`. */
  readonly campaignId: string | null
  /** Of a link's `utm_content`. */
  readonly adId: string | null
}

const TAGS = /[?&]utm_(?:id|content)=/

/** Null: nothing is said of any. A click id of Meta is on links that nobody paid for, too. */
export function clickOf(
  event: Pick<EventFact, 'traffic_source' | 'traffic_medium' | 'click_ids' | 'page_location'>,
): Click | null {
  const platform = platformOf(event)
  const tags = tagsOf(event.page_location)
  if (platform === null && tags === null) return null
  return { platform, campaignId: tags?.get('utm_id') || null, adId: tags?.get('utm_content') || null }
}

function tagsOf(location: string | null): URLSearchParams | null {
  if (location === null || !TAGS.test(location)) return null
  const [address] = location.split('#', 1)
  return new URLSearchParams(address!.slice(address!.indexOf('?')))
}
