import { check } from '../../../engine/config/index.ts'
import type { Subject } from '../../settings/stage.ts'
import type { Tree } from '../../tree.ts'
import { type StageNames, USUAL, wordOf } from '../model/stages.ts'
import { type PipelineSettings, PipelineSettingsSchema } from './schema.ts'

export const PIPELINE = 'pipeline'

const checked = (settings: unknown) => check(PipelineSettingsSchema, settings, 'the settings of the pipeline')

/** What the stages of a tenant's CRM stand for. */
export const pipelineSettings: Subject = {
  name: PIPELINE,
  check: (settings: Tree) => checked(settings).problems.map(problem => problem.text),
}

const known = new Map<string, StageNames>()

/** The names in force, of the settings' JSON: it was checked when it was set. A tenant's go before the usual ones. */
export function stageNamesOf(text: string): StageNames {
  let names = known.get(text)
  if (!names) {
    const own = checked(JSON.parse(text)).value as PipelineSettings
    const words = <T>(by: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(by).map(([stage, value]) => [wordOf(stage), value]))
    names = {
      contact_stages: { ...USUAL.contact_stages, ...words(own.contact_stages) },
      deal_stages: { ...USUAL.deal_stages, ...words(own.deal_stages) },
      probabilities: words(own.probabilities),
    }
    if (known.size > 1_000) known.clear()
    known.set(text, names)
  }
  return names
}
