/** What is in force of one thing: who said it last, and how often it has changed. */
export interface InForce {
  as_of: number
  ingest_time: number
  event_id: string
  revision: number
  /** Stands for what was said. */
  content: string
}

export const nothingSaid = (): InForce => ({
  as_of: 0,
  ingest_time: 0,
  event_id: '',
  revision: 0,
  content: '',
})

/**
 * Takes a saying in, in place; true when it changes what is in force. The latest `as_of` wins, whatever order they
 * arrive in; of the same instant the one read last, and then their ids settle it. An older one changes nothing.
 */
export function supersede(
  state: InForce,
  said: Readonly<Pick<InForce, 'as_of' | 'ingest_time' | 'event_id' | 'content'>>,
): boolean {
  const { as_of, ingest_time, event_id, content } = said
  const later = as_of - state.as_of || ingest_time - state.ingest_time || (event_id > state.event_id ? 1 : -1)
  if (later < 0) return false
  state.as_of = as_of
  state.ingest_time = ingest_time
  state.event_id = event_id
  if (state.revision > 0 && state.content === content) return false
  state.content = content
  state.revision++
  return true
}
