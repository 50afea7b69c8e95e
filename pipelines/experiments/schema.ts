import { array, boolean, integer, nullable, number, object, string } from '../../plugins/schema.ts'

const names = array(string({ minLength: 1, maxLength: 200 }))

/** An experiment as a command defines it. */
export const DefinitionSchema = object(
  {
    name: string({ minLength: 1, maxLength: 255 }),
    description: string({ default: '', maxLength: 2_000 }),
    metric: string({ default: 'purchase', maxLength: 100, title: 'Name of the event that is a conversion' }),
    parameter: nullable(
      string({ default: null, title: 'Parameter whose value says the arm; none: arms are ads' }),
    ),
    arms: array(
      object({
        name: string({ minLength: 1, maxLength: 100 }),
        control: boolean({ default: false }),
        split_pct: number({
          minimum: 0.01,
          maximum: 100,
          title: 'Per cent of the people it is meant to get',
        }),
        ads: { ...names, default: [] },
        adsets: { ...names, default: [] },
        values: { ...names, default: [] },
      }),
    ),
    confidence_level: number({ minimum: 0.5, maximum: 0.9999, default: 0.95 }),
    power: number({ minimum: 0.5, maximum: 0.9999, default: 0.8 }),
    baseline_rate: nullable(number({ minimum: 0, maximum: 1, default: null })),
    mde: nullable(number({ default: null, title: 'The smallest change worth finding' })),
    mde_type: string({ enum: ['RELATIVE', 'ABSOLUTE'], default: 'RELATIVE' }),
    minimum_sample_size: integer({ minimum: 1, default: 1_000, title: 'Users that each arm has at least' }),
  },
  { title: 'Experiment' },
)
