import { deterministicId } from '../../engine/codec/ids.ts'
import type { StageContext } from '../../engine/stage/stage.ts'
import { creditKind } from '../attribution/kinds.ts'
import { DIMENSIONS, type Dimension } from '../attribution/model/journey.ts'
import { addJourney, cellsOf, emptyTally } from '../attribution/model/tally.ts'
import { type JourneyRow, journeyKind } from './kinds.ts'
import { attributable, lagDays, type MadeJourney } from './model/journeys.ts'
import type { JourneySettings } from './settings/schema.ts'

/** Whose journeys they are, and by what settings they were made. */
export interface Maker {
  readonly tenant_id: string
  readonly person_key: string
  readonly ingest_time: number
  readonly before: JourneySettings
  readonly after: JourneySettings
  /** The next revision of the person's journeys. */
  next(): number
}

/** Writes the journeys that are other ones than before, and what they bring: first what is taken back. */
export function tellDifferences(
  before: readonly MadeJourney[],
  after: readonly MadeJourney[],
  maker: Maker,
  ctx: StageContext,
): void {
  const known = new Map(before.map(journey => [journey.id, journey]))
  const now = new Set(after.map(({ id }) => id))
  const isSameShare = shareOf(maker.before) === shareOf(maker.after)
  for (const journey of before) {
    if (now.has(journey.id)) continue
    tell(journey, maker, maker.before, true, ctx)
  }
  for (const journey of after) {
    const old = known.get(journey.id)
    if (old && isSameShare && JSON.stringify(old) === JSON.stringify(journey)) continue
    if (old) tellCredit(old, maker, maker.before, maker.next(), true, ctx)
    tell(journey, maker, maker.after, false, ctx)
  }
}

/** What of the settings shows in a journey that is cut the same. */
const shareOf = ({ half_life_days, position, path_by }: JourneySettings) =>
  JSON.stringify([half_life_days, position, path_by])

function tell(
  journey: MadeJourney,
  maker: Maker,
  settings: JourneySettings,
  gone: boolean,
  ctx: StageContext,
): void {
  const { tenant_id, person_key, ingest_time } = maker
  const revision = maker.next()
  const by = (dimension: Dimension) => journey.touches.map(touch => touch[dimension])
  const row: JourneyRow = {
    tenant_id,
    event_id: deterministicId(tenant_id, person_key, 'journey', revision),
    event_time: journey.startedAt,
    ingest_time,
    person_key,
    journey_id: journey.id,
    date: journey.date,
    started_at: journey.startedAt,
    closed_at: journey.closedAt,
    converted: journey.conversions > 0,
    converted_at: journey.convertedAt,
    conversions: journey.conversions,
    value_micros: journey.valueMicros,
    currency: journey.currency,
    lag_days: lagDays(journey),
    path: by(settings.path_by),
    times: journey.touches.map(({ at }) => at),
    channels: by('channel'),
    source_mediums: by('source_medium'),
    platforms: by('platform'),
    campaigns: by('campaign'),
    ads: by('ad'),
    revision,
    gone,
  }
  ctx.emit('journeys', journeyKind, row, [tenant_id, person_key, journey.id])
  tellCredit(journey, maker, settings, revision, gone, ctx)
}

function tellCredit(
  journey: MadeJourney,
  { tenant_id, person_key, ingest_time }: Maker,
  { half_life_days, position }: JourneySettings,
  revision: number,
  gone: boolean,
  ctx: StageContext,
): void {
  const tally = emptyTally(half_life_days, { firstPct: position.first_pct, lastPct: position.last_pct })
  addJourney(tally, attributable(journey))
  const cells = cellsOf(tally)
  ctx.emit(
    'credits',
    creditKind,
    {
      tenant_id,
      event_id: deterministicId(tenant_id, person_key, 'credit', revision),
      event_time: journey.startedAt,
      ingest_time,
      journey_id: deterministicId(tenant_id, person_key, journey.id),
      part: `${journey.part}.${ctx.input.partition}`,
      date: journey.date,
      conversions: journey.conversions,
      value_micros: journey.valueMicros,
      currency: journey.currency,
      lag_days: Math.floor(lagDays(journey) ?? 0),
      paths: Object.fromEntries(DIMENSIONS.map(by => [by, journey.touches.map(touch => touch[by])])),
      dimensions: cells.map(({ dimension }) => dimension),
      keys: cells.map(({ key }) => key),
      counts: cells.map(({ cell }) => cell),
      gone,
    },
    [tenant_id],
  )
}
