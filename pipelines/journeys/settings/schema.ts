import { boolean, type FromSchema, integer, number, object, string } from '../../../plugins/schema.ts'
import { DIMENSIONS } from '../../attribution/model/journey.ts'

/** How journeys are cut and credited, as a tenant may set it. `preset` sets what the others leave out. */
export const JourneySettingsSchema = object(
  {
    preset: string({
      enum: ['standard', 'ga4'],
      default: 'standard',
      title: 'ga4: touches by source / medium, no look-back; what is set beside it goes first',
    }),
    lookback_days: integer({
      minimum: 0,
      maximum: 3_650,
      default: 90,
      title:
        'How long before a conversion a touch still counts, and after which an open journey is a null; 0: no limit',
    }),
    path_by: string({ enum: DIMENSIONS, default: 'channel', title: 'What a path is made of' }),
    exclude_direct: boolean({ default: false, title: 'Leave direct visits out of paths that have others' }),
    half_life_days: number({
      minimum: 0.01,
      maximum: 3_650,
      default: 7,
      title: 'Days in which the weight of a touch halves, of time_decay',
    }),
    position: object(
      {
        first_pct: integer({ minimum: 0, maximum: 100, default: 40, title: 'Of the first touch' }),
        last_pct: integer({ minimum: 0, maximum: 100, default: 40, title: 'Of the last touch' }),
      },
      { default: {}, title: 'position_based: percent; what is between shares the rest' },
    ),
    markov: object(
      {
        order: integer({
          minimum: 1,
          maximum: 3,
          default: 1,
          title: 'Touches that make a state, by channel and platform',
        }),
        window_days: integer({ minimum: 1, maximum: 365, default: 30, title: 'Days that it is fitted to' }),
      },
      { default: {}, title: 'The model that is fitted once a day' },
    ),
    data_driven_algorithm: string({
      enum: ['MARKOV_CHAIN', 'SHAPLEY_VALUE'],
      default: 'MARKOV_CHAIN',
      title: 'What DATA_DRIVEN stands for',
    }),
  },
  { title: 'Journeys and attribution' },
)

export type JourneySettings = FromSchema<typeof JourneySettingsSchema>
