import { deterministicId } from '../../engine/codec/ids.ts'
import { stage } from '../../engine/stage/stage.ts'
import type { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import type { MatchQualityRecord } from '../../plugins/records/match-quality.ts'
import type { Fact } from '../current/said.ts'
import { platformTrustKind, type TrustSettingsSet } from '../trust/handed.ts'
import { evaluate } from '../trust/model/evaluate.ts'
import { policyFor } from '../trust/settings/policies.ts'
import { emitAnomaly } from './anomaly-rows.ts'
import type { AdFigures, Arrivals, SiteSignals } from './handed.ts'
import { anomalies, close } from './model/closing.ts'
import { trustInputs } from './model/inputs.ts'
import { noPlatform, type PlatformState, zoneOf } from './model/platform-state.ts'
import { takeArrivals, takeFigures } from './model/take.ts'
import type { Platform } from './platform.ts'
import { varianceDailyKind, varianceOf } from './variance-daily.ts'

/** Evaluated again so often, and this soon after something came. Microseconds. */
const EVERY_US = 300_000_000
const SOON_US = 60_000_000

type OfPlatform = { readonly tenant_id: string; readonly platform: string }

/**
 * What the trust of each platform rests on, and its components, evaluated at ticks: every five minutes, and a minute
 * after something came.
 */
export const signals = stage({
  name: 'signals',
  version: 2,
  key: (r: OfPlatform) => [r.tenant_id, r.platform],
  state: { version: 1, empty: noPlatform },
  reads: {
    ad_entity: ['tenant_id', 'platform', 'level', 'account_id', 'zone'],
  },
  on: {
    ad_figures: (state: PlatformState, figures: AdFigures) => takeFigures(state, figures),
    arrivals: (state: PlatformState, arrivals: Arrivals) => takeArrivals(state, arrivals),
    site_signals(state: PlatformState, said: SiteSignals) {
      const { analytics, names, distinct, people, seen, twins } = said
      state.site = { analytics, names, distinct, people, seen, twins }
      state.isDirty = true
    },
    match_quality(state: PlatformState, said: Fact<MatchQualityRecord>) {
      const key = `${said.account_id} ${said.pixel_id} ${said.event_name ?? ''}`
      if (state.quality[key] && state.quality[key].as_of > said.as_of) return
      const { event_name: name, score, scale, events, as_of } = said
      state.quality[key] = { name, score, scale, events, as_of }
      state.isActive = true
      state.isDirty = true
    },
    ad_entity(state: PlatformState, said: Fact<AdEntityRecord>) {
      if (said.level === 'account' && said.zone !== null) state.zones[said.account_id] = said.zone
    },
    trust_settings_set(state: PlatformState, { version, text }: TrustSettingsSet) {
      state.settings = { version, text }
      state.isDirty = true
    },
  },
  ticks: 'all',
  tick(state: PlatformState, tick, ctx) {
    state.now = Math.max(state.now, tick.event_time)
    if (!state.isActive) return ctx.unchanged()
    const since = state.now - state.evaluated
    if (since < SOON_US || (since < EVERY_US && !state.isDirty)) return ctx.unchanged()
    const [tenant, platform] = ctx.key as [string, Platform]
    const whole = { tenant_id: tenant, platform, entity: null, ingest_time: tick.ingest_time }
    for (const fed of close(state)) emitAnomaly(fed, whole, ctx)
    const policy = policyFor(state.settings.version, state.settings.text)
    const inputs = trustInputs(state, platform, anomalies(state.series), state.now, policy)
    const base = { tenant_id: tenant, event_time: state.now, ingest_time: tick.ingest_time, platform }
    const trust = evaluate(inputs, state.now, policy)
    const day = varianceOf(state, trust, base)
    if (day !== null) ctx.emit('signals', varianceDailyKind, day, [tenant, platform])
    ctx.hand(platformTrustKind, {
      ...base,
      event_id: deterministicId(tenant, platform, 'evaluated', state.now),
      trust,
      settings: state.settings,
      zone: zoneOf(state),
    })
    state.evaluated = state.now
    state.isDirty = false
  },
})
