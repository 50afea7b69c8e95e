import { type BaseRecord, defineKind } from '../../engine/codec/kind.ts'
import type { AdEntityRecord } from '../../plugins/records/ad-entity.ts'
import type { Measures } from '../ad-metrics/model.ts'
import type { Subject, SubjectView } from '../rules/model/subject.ts'

/** What stages of the tenant task hand to those after them; none of it is written anywhere. */

/** A day's figures of an ad changed; to each subject that it is a part of. */
export interface SubjectFigures extends BaseRecord {
  readonly subject: Subject
  readonly date: string
  readonly as_of: number
  readonly before: Measures | null
  readonly after: Measures
}
export const subjectFiguresKind = defineKind<SubjectFigures>('subject_figures', [])

/** How an account, campaign, ad set or ad stands on its platform. */
export interface SubjectStands extends BaseRecord {
  readonly subject: Subject
  readonly entity: AdEntityRecord
}
export const subjectStandsKind = defineKind<SubjectStands>('subject_stands', [])

/** A subject as it is known now, after something came or at a tick. */
export interface SubjectSeen extends BaseRecord {
  readonly view: SubjectView
  readonly isTick: boolean
}
export const subjectSeenKind = defineKind<SubjectSeen>('subject_seen', [])
