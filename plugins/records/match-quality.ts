import { type FromSchema, integer, map, nullable, number, object, string } from '../schema.ts'
import { platform } from './platform.ts'

/**
 * What a platform says of the events it was sent (stream kind `match_quality`): its own score and the statistics of a
 * pixel or dataset. Nothing is worked out here.
 */
export const MatchQualityRecord = object({
  platform,
  account_id: string(),
  pixel_id: string({ description: 'Pixel, dataset or conversion action' }),
  event_name: nullable(string({ description: 'null: of all events together' })),
  score: nullable(number({ description: "The platform's own score, on its own scale" })),
  scale: nullable(number({ description: 'The highest score there is' })),
  grade: nullable(string({ description: 'Where the platform gives a word: EXCELLENT …' })),
  events: nullable(integer({ description: 'Events it is about' })),
  coverage: map(number(), { description: 'Share of the events with each match key, 0 to 1' }),
  window_start: nullable(integer({ description: 'UTC microseconds' })),
  window_end: nullable(integer({ description: 'UTC microseconds' })),
  as_of: integer({ description: 'UTC microseconds: when the platform said so' }),
})

export type MatchQualityRecord = FromSchema<typeof MatchQualityRecord>
