import type { EventRecord } from '../../../plugins/records/event.ts'
import { LONGEST, MINUTE, type Step, type Traffic, type Visit, visitsOf } from './session.ts'

/** Everything that happened in the shop in (after, until], in order of time. UTC micros. */
export function eventsBetween(
  traffic: Traffic,
  currency: string,
  after: number,
  until: number,
): EventRecord[] {
  const events: EventRecord[] = []
  const first = Math.floor((after - LONGEST) / MINUTE) * MINUTE
  for (let minute = first; minute <= until; minute += MINUTE)
    for (const visit of visitsOf(traffic, minute))
      visit.steps.forEach((step, n) => {
        if (step.at > after && step.at <= until) events.push(eventOf(visit, step, n, currency))
      })
  return events.sort((a, b) => a.event_time - b.event_time || (a.event_key < b.event_key ? -1 : 1))
}

function eventOf(visit: Visit, step: Step, n: number, currency: string): EventRecord {
  const { source, medium, campaign } = visit
  const bought = step.name === 'purchase'
  return {
    event_key: `${visit.id}-${n}`,
    event_time: step.at,
    event_date: new Date(step.at / 1000).toISOString().slice(0, 10),
    event_name: step.name,
    person_id: visit.person,
    user_id: null,
    session_id: visit.id,
    session_number: visit.isNew ? 1 : null,
    source,
    medium,
    campaign,
    first_source: visit.isNew ? source : null,
    first_medium: visit.isNew ? medium : null,
    first_campaign: visit.isNew ? campaign : null,
    page_location: `https://shop.example${step.path}`,
    page_referrer: n <= 2 ? visit.referrer : null,
    page_title: null,
    device: visit.device,
    country: visit.country,
    transaction_id: bought ? `order-${visit.id}` : null,
    value_micros: step.value,
    currency: bought ? currency : null,
    consent_analytics: 'granted',
    consent_ads: 'granted',
    params: step.product === null ? {} : { item_id: step.product },
    quality: [],
  }
}
