import { FUNNEL, type FunnelStage } from './pipeline.ts'

/** A CRM's own words for its stages, lower case, and the stage of the funnel each stands for. */
export interface StageNames {
  readonly contact_stages: Readonly<Record<string, FunnelStage>>
  readonly deal_stages: Readonly<Record<string, FunnelStage>>
  /** Of winning a deal in a stage, 0 to 1. */
  readonly probabilities: Readonly<Record<string, number>>
}

/** HubSpot's life cycle, Salesforce's lead status and the stages both call won. A deal in any other is an opportunity. */
export const USUAL: StageNames = {
  contact_stages: {
    lead: 'leads',
    marketingqualifiedlead: 'mqls',
    salesqualifiedlead: 'sqls',
    opportunity: 'opportunities',
    customer: 'deals_won',
    evangelist: 'deals_won',
    'closed - converted': 'sqls',
  },
  deal_stages: { closedwon: 'deals_won', 'closed won': 'deals_won' },
  probabilities: {},
}

export const wordOf = (stage: string): string => stage.trim().toLowerCase()

const depthOf = (stage: FunnelStage) => FUNNEL.indexOf(stage)

/** How far a contact ever came by its own stages: an index of FUNNEL. A contact is a lead, whatever it is called. */
export const contactDepth = (words: readonly string[], { contact_stages: names }: StageNames): number =>
  Math.max(0, ...words.map(word => (Object.hasOwn(names, word) ? depthOf(names[word]!) : 0)))

/** How far a deal ever came. */
export function dealDepth(
  words: readonly string[],
  everWon: boolean,
  { deal_stages: names }: StageNames,
): number {
  if (everWon) return depthOf('deals_won')
  const depths = words.map(word => depthOf(Object.hasOwn(names, word) ? names[word]! : 'opportunities'))
  return depths.length === 0 ? depthOf('opportunities') : Math.max(...depths)
}

/** Null: not known. */
export const probabilityIn = (word: string | null, { probabilities }: StageNames): number | null =>
  word !== null && Object.hasOwn(probabilities, word) ? probabilities[word]! : null
