import { stage } from '../../engine/stage/stage.ts'
import type { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import type { Fact } from '../current/said.ts'
import { LEVELS, type Level, type Subject } from '../rules/model/subject.ts'
import type { AdFigures } from '../signals/handed.ts'
import { PLATFORMS, type Platform } from '../signals/platform.ts'
import { subjectFiguresKind, subjectStandsKind } from './handed.ts'

type Ids = Pick<Subject, 'account_id' | 'campaign_id' | 'adset_id' | 'ad_id'> & { readonly platform: string }

const IDS = ['account_id', 'campaign_id', 'adset_id', 'ad_id'] as const

/** The subject of a level that some ids are a part of; null: they do not go down to it. */
function subjectOf(level: Level, ids: Ids): Subject | null {
  const depth = LEVELS.indexOf(level)
  if (depth > 0 && ids[IDS[depth - 1]!] === null) return null
  const kept = IDS.map((name, i) => (i < depth ? ids[name] : null))
  const [account_id, campaign_id, adset_id, ad_id] = kept as [string, string, string, string]
  return { platform: ids.platform as Platform, level, account_id, campaign_id, adset_id, ad_id }
}

const isPlatform = (name: string): name is Platform => (PLATFORMS as readonly string[]).includes(name)

/** What is said of an ad is said of all that it is a part of: its ad set, campaign, account and platform. */
export const subjectParts = stage({
  name: 'subject-parts',
  version: 1,
  on: {
    ad_figures(_state: unknown, figures: AdFigures, ctx) {
      if (!isPlatform(figures.platform)) return
      const { tenant_id, event_id, event_time, ingest_time, date, as_of, before, after } = figures
      for (const level of LEVELS) {
        const subject = subjectOf(level, figures)
        if (subject === null) break
        const base = { tenant_id, event_id, event_time, ingest_time }
        ctx.hand(subjectFiguresKind, { ...base, subject, date, as_of, before, after })
      }
    },
    ad_entity(_state: unknown, entity: Fact<AdEntityRecord>, ctx) {
      if (!isPlatform(entity.platform)) return
      const subject = subjectOf(entity.level as Level, entity)
      if (subject === null) return
      const { tenant_id, event_id, event_time, ingest_time } = entity
      ctx.hand(subjectStandsKind, { tenant_id, event_id, event_time, ingest_time, subject, entity })
    },
  },
})
