import { deterministicId } from '../../engine/codec/ids.ts'
import { type StageContext, stage } from '../../engine/stage/stage.ts'
import type { PersonLink } from '../identity/person-link.ts'
import type { SessionSeen } from '../sessions/stage.ts'
import { type TouchRow, touchKind } from './kinds.ts'
import { sameSession, withTouch } from './model/touches.ts'

/** Sessions kept of a person: those that began last. Older ones stay with whom they were given to. */
export const MOST_KEPT = 500

/** All of a touch that does not follow from whose it is and when it was written. */
type Kept = Omit<TouchRow, Whose>
type Whose =
  | 'tenant_id'
  | 'event_id'
  | 'event_time'
  | 'person_key'
  | 'from_person'
  | 'part'
  | 'revision'
  | 'gone'

interface State {
  /** Null: nobody else. */
  resolved: string | null
  /** Revision of the link in force. */
  linked: number
  /** Touches written so far. */
  counted: number
  sessions: Kept[]
}

/** A person's sessions, given to whom the person was found to be: again when that changes, and taken from who had them. */
export const touches = stage({
  name: 'touches',
  version: 1,
  key: (r: { tenant_id: string; person_key: string }) => [r.tenant_id, r.person_key],
  state: { version: 1, empty: (): State => ({ resolved: null, linked: 0, counted: 0, sessions: [] }) },
  on: {
    session_seen(state: State, seen: SessionSeen, ctx) {
      const kept = keptOf(seen)
      const before = state.sessions.find(session => sameSession(session, kept))
      if (before && sameTouch(before, kept)) return ctx.unchanged()
      state.sessions = withTouch(state.sessions, kept).slice(-MOST_KEPT)
      emit(state, seen, kept, false, ctx)
    },
    person_link(state: State, link: PersonLink, ctx) {
      if (link.revision <= state.linked) return ctx.unchanged()
      const before = resolvedOf(state, link.person_key)
      state.linked = link.revision
      if (before === link.resolved_key) return
      for (const session of state.sessions) emit(state, link, session, true, ctx)
      state.resolved = link.resolved_key === link.person_key ? null : link.resolved_key
      for (const session of state.sessions) emit(state, link, session, false, ctx)
    },
  },
})

const resolvedOf = ({ resolved }: State, person: string) => resolved ?? person

function emit(
  state: State,
  { tenant_id, person_key }: { readonly tenant_id: string; readonly person_key: string },
  kept: Kept,
  gone: boolean,
  ctx: StageContext,
): void {
  const resolved = resolvedOf(state, person_key)
  const revision = ++state.counted
  ctx.emit(
    'touches',
    touchKind,
    {
      ...kept,
      tenant_id,
      event_id: deterministicId(tenant_id, person_key, 'touch', revision),
      event_time: kept.started_at,
      person_key: resolved,
      from_person: person_key,
      part: ctx.input.partition,
      revision,
      gone,
    },
    [tenant_id, resolved],
  )
}

const keptOf = (seen: SessionSeen): Kept => ({
  ingest_time: seen.ingest_time,
  session_key: seen.session_key,
  connector: seen.connector,
  date: seen.date,
  started_at: seen.started_at,
  ended_at: seen.ended_at,
  source: seen.source,
  medium: seen.medium,
  campaign: seen.campaign,
  channel: seen.channel,
  platform: seen.platform,
  campaign_id: seen.campaign_id,
  ad_id: seen.ad_id,
  purchases: seen.purchases,
  value_micros: seen.revenue_micros,
  currency: seen.currency,
  converted_at: seen.converted_at,
  open: seen.open,
})

/** A session that only goes on is no news; when it ends it is told once more. */
function sameTouch(a: Kept, b: Kept): boolean {
  const names = Object.keys(b) as (keyof Kept)[]
  return names.every(
    name => a[name] === b[name] || name === 'ingest_time' || (name === 'ended_at' && a.open && b.open),
  )
}
