/** Counts of one day, as a fold over its events in any order. */
export interface FunnelDay {
  events: number
  users: number
  sessions: number
  newUsers: number
  pageViews: number
  viewItem: number
  addToCart: number
  beginCheckout: number
  addShippingInfo: number
  addPaymentInfo: number
  purchases: number
  /** Micros by currency. */
  revenue: Record<string, number>
}

export const emptyDay = (): FunnelDay => ({
  events: 0,
  users: 0,
  sessions: 0,
  newUsers: 0,
  pageViews: 0,
  viewItem: 0,
  addToCart: 0,
  beginCheckout: 0,
  addShippingInfo: 0,
  addPaymentInfo: 0,
  purchases: 0,
  revenue: {},
})

type Counter = Exclude<keyof FunnelDay, 'revenue'>

/** GA4's recommended event names and the step each one counts for. */
const STEPS: Readonly<Record<string, Counter>> = {
  first_visit: 'newUsers',
  first_open: 'newUsers',
  page_view: 'pageViews',
  screen_view: 'pageViews',
  view_item: 'viewItem',
  add_to_cart: 'addToCart',
  begin_checkout: 'beginCheckout',
  add_shipping_info: 'addShippingInfo',
  add_payment_info: 'addPaymentInfo',
  purchase: 'purchases',
}

export interface FunnelEvent {
  readonly event_name: string
  readonly value_micros: number | null
  readonly currency: string | null
}

/**
 * Takes one event into the day, in place. `firstOfPerson` and `firstOfSession`: this day has not seen them yet.
 * A purchase counts as an event, whether or not it has a transaction id; without an amount it adds nothing to
 * revenue.
 */
export function addEvent(
  day: FunnelDay,
  event: FunnelEvent,
  firstOfPerson: boolean,
  firstOfSession: boolean,
): void {
  day.events++
  if (firstOfPerson) day.users++
  if (firstOfSession) day.sessions++
  const step = STEPS[event.event_name]
  if (step === undefined) return
  day[step]++
  if (step === 'purchases' && event.value_micros !== null && event.currency !== null)
    day.revenue[event.currency] = (day.revenue[event.currency] ?? 0) + event.value_micros
}
