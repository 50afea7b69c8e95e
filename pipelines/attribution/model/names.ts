import { ADDITIVE_MODELS } from './weights.ts'

/** The models that give each channel a credit, by name. */
export const MODEL_NAMES = [...ADDITIVE_MODELS, 'shapley_conversion_rate', 'markov'] as const
export type ModelName = (typeof MODEL_NAMES)[number]
