import { type FromSchema, integer, object, string } from '../schema.ts'

/** What is asked of every ad platform in the same words, so that whoever acts need not know which one it is. */

const currency = string({ description: 'ISO 4217, the account’s' })

export const StatusParams = object({
  level: string({ enum: ['campaign', 'adset', 'ad'] }),
  id: string({ minLength: 1 }),
  status: string({ enum: ['ACTIVE', 'PAUSED'] }),
})
export type StatusParams = FromSchema<typeof StatusParams>

export const BudgetParams = object({
  level: string({ enum: ['campaign', 'adset'] }),
  id: string({ minLength: 1 }),
  budget_micros: integer({ minimum: 1 }),
  currency,
})
export type BudgetParams = FromSchema<typeof BudgetParams>

export const BidParams = object({
  id: string({ description: 'Of the ad set, ad group or ad squad', minLength: 1 }),
  bid_micros: integer({ minimum: 1 }),
  currency,
})
export type BidParams = FromSchema<typeof BidParams>
