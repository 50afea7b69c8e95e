/** Names of events as GA4 and the platforms have them, and what they are to the signals. */
const CONVERSIONS = new Set(['purchase', 'generate_lead', 'lead', 'sign_up', 'subscribe'])
const OTHERS = new Set(['begin_checkout', 'add_payment_info', 'add_to_cart', 'view_item'])

export const PURCHASE = 'purchase'

/** What platforms optimise for: a purchase, a lead, a subscription. */
export const isConversion = (name: string): boolean => CONVERSIONS.has(name)

/** Events whose match quality counts: conversions and the steps before them. */
export const isMatched = (name: string): boolean => CONVERSIONS.has(name) || OTHERS.has(name)

/** Connectors whose events a browser sent, and those whose events a server sent. */
const BROWSER = new Set(['ga4', 'shop'])
const SERVER = new Set(['webhook', 'hubspot', 'salesforce'])

export const sideOf = (source: string): 'browser' | 'server' | null =>
  BROWSER.has(source) ? 'browser' : SERVER.has(source) ? 'server' : null

/** The one whose revenue the platforms' claims are held against (product.md §4.1: G). */
export const isAnalytics = (source: string): boolean => BROWSER.has(source)
