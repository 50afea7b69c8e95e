/** URL parameters by which ad platforms mark a click, lower case → the name they are kept under. */
const CLICK_IDS: Readonly<Record<string, string>> = {
  gclid: 'gclid',
  gbraid: 'gbraid',
  wbraid: 'wbraid',
  dclid: 'dclid',
  fbclid: 'fbclid',
  ttclid: 'ttclid',
  sccid: 'ScCid',
  // As an event's parameter it may come as Snapchat writes it.
  ScCid: 'ScCid',
}

const ANY = /(?:gclid|gbraid|wbraid|dclid|fbclid|ttclid|sccid)=/i
const NONE: Readonly<Record<string, string>> = Object.freeze({})

/** Click ids of an event: from its parameters first, then from the query of its page. */
export function clickIds(
  params: Readonly<Record<string, string>>,
  location: string | null,
): Readonly<Record<string, string>> {
  let found: Record<string, string> | null = null
  for (const name in CLICK_IDS) {
    const value = params[name]
    if (value) {
      found ??= {}
      found[CLICK_IDS[name]!] = value
    }
  }
  if (location === null || !ANY.test(location)) return found ?? NONE
  const [address] = location.split('#', 1)
  const at = address!.indexOf('?')
  const query = new URLSearchParams(at < 0 ? '' : address!.slice(at))
  for (const [name, value] of query) {
    const known = CLICK_IDS[name.toLowerCase()]
    if (!known || !value) continue
    found ??= {}
    found[known] ??= value
  }
  return found ?? NONE
}
