import { array, type FromSchema, integer, nullable, object, string } from '../../plugins/schema.ts'

/** A message of a tap that is kept: a record, or what its target has to know in between. */
export const TapRecord = object({
  sequence: integer({
    description: 'Counts what the connection has handed on. Of two records of one key the later one holds',
  }),
  type: string({
    enum: ['RECORD', 'SCHEMA', 'ACTIVATE_VERSION'],
    description:
      'ACTIVATE_VERSION: records of the stream with another version are no more. SCHEMA: before the first record that it is another for',
  }),
  stream: string(),
  record: nullable(
    string({
      description: 'JSON as the tap has written it, every digit of it; without addresses of people',
    }),
  ),
  key_properties: array(string(), {
    description: 'Fields that tell a record of the stream; none: nothing does',
  }),
  key: {
    ...nullable(string({ description: 'Stream and values of the key properties' })),
    pseudonymise: true,
  },
  version: nullable(integer({ description: "The tap's own: records of one full load have one version" })),
  time_extracted: nullable(integer({ description: 'UTC microseconds' })),
  schema_hash: nullable(string({ description: 'Of the SCHEMA in force; its row has the same' })),
  schema: nullable(string({ description: 'JSON Schema of the records, of a SCHEMA' })),
})
export type TapRecord = FromSchema<typeof TapRecord>
