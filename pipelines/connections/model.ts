/** States of a tenant's connections by platform and name. Plain JSON. */
export type Connections = Record<string, Record<string, string>>

/** From the best to the worst. */
const ORDER = ['CONNECTED', 'PAUSED', 'EXPIRED', 'DISCONNECTED']

/** A platform is connected while one of its connections is; else it is what the best of them is. */
export function connectionOf(states: Readonly<Record<string, string>>): string {
  const ranked = Object.values(states).sort((a, b) => rank(a) - rank(b))
  return ranked[0] ?? 'CONNECTED'
}

/** What is not known is the worst. */
const rank = (state: string): number => (ORDER.includes(state) ? ORDER.indexOf(state) : ORDER.length)

/** Takes a word of a connection in, in place; null: its platform is as it was. */
export function takeState(
  connections: Connections,
  platform: string,
  name: string,
  state: string,
): string | null {
  const states = connections[platform] ?? {}
  const before = connectionOf(states)
  states[name] = state
  connections[platform] = states
  const after = connectionOf(states)
  // One that was taken away stays known while it is the only one: nothing is connected then.
  if (state === 'DISCONNECTED' && Object.keys(states).length > 1) delete states[name]
  return after === before ? null : after
}
