import { array, boolean, type FromSchema, integer, nullable, object, string } from '../schema.ts'

/** A deal or opportunity in a CRM (stream kind `deal`). The latest `updated_at` is in force. */
export const DealRecord = object({
  deal_id: string(),
  name: nullable(string()),
  pipeline: nullable(string()),
  stage: nullable(string({ description: "The CRM's own word" })),
  amount_micros: nullable(integer()),
  currency: nullable(string({ description: 'ISO 4217' })),
  created_at: nullable(integer({ description: 'UTC microseconds' })),
  closed_at: nullable(integer({ description: 'UTC microseconds; expected, while it is open' })),
  updated_at: integer({ description: 'UTC microseconds' }),
  is_closed: nullable(boolean()),
  is_won: nullable(boolean()),
  owner_id: nullable(string()),
  contact_ids: array(string()),
  is_deleted: boolean(),
})

export type DealRecord = FromSchema<typeof DealRecord>

/** A stage that a deal has entered (stream kind `deal_stage`). The same stage may be entered again. */
export const DealStageRecord = object({
  deal_id: string(),
  stage: string({ description: "The CRM's own word" }),
  entered_at: integer({ description: 'UTC microseconds' }),
  as_of: integer({ description: 'UTC microseconds' }),
})

export type DealStageRecord = FromSchema<typeof DealStageRecord>
