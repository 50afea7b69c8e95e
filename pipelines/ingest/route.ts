import type { Tick } from '../../engine/clock/tick.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { EventFact } from './facts.ts'

/**
 * Sends every event to the partition of its person, as it is, and ticks to all. Events without a person (no
 * consent) are spread by their id: they count, but belong to nobody.
 */
export const toPersons = stage({
  name: 'to-persons',
  version: 1,
  reads: { event: ['tenant_id', 'event_id', 'person_key'] },
  on: {
    event: (_: unknown, event: EventFact, ctx) =>
      ctx.forward('persons', [event.tenant_id, event.person_key ?? event.event_id]),
    tick: (_: unknown, _tick: Tick, ctx) => ctx.broadcast('persons'),
  },
})
