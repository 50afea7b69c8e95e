import { byLink, type Paging } from '../../../plugins/http/index.ts'
import type { Envelope } from './envelope.ts'
import { isObject } from './envelope.ts'

/**
 * Lists whose pages link to the next. The link is followed as it is; it is remembered without the address of the
 * API, so that a run goes on under another (a proxy's, say).
 */
export const byNextLink = (base: string): Paging => byLink((body: Envelope) => relative(nextLink(body), base))

/** Statistics may have it in their one entry instead of beside the list. */
function nextLink(body: Envelope): string | null {
  if (typeof body.paging?.next_link === 'string') return body.paging.next_link
  for (const list of Object.values(body))
    for (const entry of Array.isArray(list) ? list : [])
      for (const part of isObject(entry) ? [entry, ...Object.values(entry)] : []) {
        const link = isObject(part) && isObject(part.paging) ? part.paging.next_link : null
        if (typeof link === 'string') return link
      }
  return null
}

function relative(link: string | null, base: string): string | null {
  const start = base.endsWith('/') ? base : `${base}/`
  return link?.startsWith(start) ? link.slice(start.length) : link
}
