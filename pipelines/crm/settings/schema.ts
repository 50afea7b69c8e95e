import { type FromSchema, map, number, object, string } from '../../../plugins/schema.ts'
import { FUNNEL } from '../model/pipeline.ts'

const stageOf = (title: string) => map(string({ enum: FUNNEL }), { default: {}, title })

/** What a tenant's CRM calls its stages; what is left out is as HubSpot and Salesforce have it. */
export const PipelineSettingsSchema = object(
  {
    contact_stages: stageOf(
      'Life cycle stages or lead statuses, and the stage of the funnel each stands for',
    ),
    deal_stages: stageOf('Stages of deals; a deal in any other is an opportunity'),
    probabilities: map(number({ minimum: 0, maximum: 1 }), {
      default: {},
      title: 'Of winning a deal in a stage, 0 to 1: weighted values need one for each',
    }),
  },
  { title: 'Pipeline' },
)

export type PipelineSettings = FromSchema<typeof PipelineSettingsSchema>
