import { ADDITIVE_MODELS } from './weights.ts'

/** The models that give each channel a credit, by name. */
export const MODEL_NAMES = [...ADDITIVE_MODELS, 'shapley_conversion_rate', 'markov'] as const
export type ModelName = (typeof MODEL_NAMES)[number]

/** As people ask for them (D:475, product.md §2 row 33). */
const ASKED_AS = {
  LAST_TOUCH: 'last_touch',
  FIRST_TOUCH: 'first_touch',
  LINEAR: 'linear',
  POSITION_BASED: 'position_based',
  TIME_DECAY: 'time_decay',
  MARKOV_CHAIN: 'markov',
  SHAPLEY_VALUE: 'shapley',
} as const satisfies Record<string, ModelName>

/**
 * The model of a name, in whatever letters: ours, or one that people ask by. DATA_DRIVEN is the one that the tenant has set
 * (`data_driven_algorithm`). Null: there is none.
 */
export function modelNamed(
  asked: string,
  dataDriven: 'MARKOV_CHAIN' | 'SHAPLEY_VALUE' = 'MARKOV_CHAIN',
): ModelName | null {
  const name = asked.toUpperCase() === 'DATA_DRIVEN' ? dataDriven : asked.toUpperCase()
  if (Object.hasOwn(ASKED_AS, name)) return ASKED_AS[name as keyof typeof ASKED_AS]
  return MODEL_NAMES.find(model => model === name.toLowerCase()) ?? null
}
