import { array, boolean, type FromSchema, integer, nullable, object, string } from '../schema.ts'

/**
 * What a web analytics itself reports of one day and traffic source (stream kind `web_report`): its own figures, not
 * counted from events. A later report of a day replaces all its rows: what it leaves out is gone.
 */
export const WebReportRecord = object({
  property_id: string(),
  date: string({ description: "YYYY-MM-DD in the property's zone" }),
  traffic_source: string({
    description: "Of the session, in the report's words: google, (direct), (not set)",
  }),
  traffic_medium: string(),
  campaign: string(),
  channel: string({ description: "The report's own channel group: Paid Search" }),
  sessions: nullable(integer()),
  users: nullable(integer({ description: 'Distinct within the row: rows cannot be added' })),
  conversions_micros: nullable(integer({ description: 'Key events in millionths' })),
  purchases: nullable(integer({ description: 'Each transaction once' })),
  revenue_micros: nullable(integer()),
  currency: string({ description: 'ISO 4217' }),
  settled: boolean({ description: 'The report will not change this day any more' }),
  quality: array(string({ enum: ['thresholded', 'sampled', 'other_row', 'restricted'] }), {
    description:
      'Why the report is not the whole: small groups hidden, sampled, cut to an (other) row, a right missing',
  }),
  as_of: integer({ description: 'UTC microseconds: when the report was asked for. The latest wins.' }),
})

export type WebReportRecord = FromSchema<typeof WebReportRecord>
