import { StratumError } from '../errors.ts'
import type { JsonSchema } from '../source/port.ts'
import type { AvroSchema } from './kind.ts'

/**
 * The Avro schema of records that match a stream's JSON Schema: integer → long, number → double, maps and arrays
 * as themselves, objects as records, `[type, 'null']` as a union with null first. `path` names nested records.
 */
export function avroFromJsonSchema(schema: JsonSchema, path: string): AvroSchema {
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  const concrete = types.filter(t => t !== 'null')
  if (concrete.length !== 1)
    throw new StratumError(
      'SCHEMA_INCOMPATIBLE',
      `${path}: a stream's schema needs one type besides null, got ${JSON.stringify(schema.type)}`,
    )
  const inner = single(concrete[0]!, schema, path)
  return (types.includes('null') ? ['null', inner] : inner) as AvroSchema
}

function single(type: string, schema: JsonSchema, path: string): unknown {
  switch (type) {
    case 'string':
      return 'string'
    case 'integer':
      return 'long'
    case 'number':
      return 'double'
    case 'boolean':
      return 'boolean'
    case 'array':
      return { type: 'array', items: avroFromJsonSchema(schema.items ?? { type: 'string' }, `${path}_item`) }
    case 'object':
      if (schema.properties) return recordOf(schema, path)
      if (typeof schema.additionalProperties === 'object')
        return { type: 'map', values: avroFromJsonSchema(schema.additionalProperties, `${path}_value`) }
  }
  throw new StratumError('SCHEMA_INCOMPATIBLE', `${path}: a stream's schema cannot hold type ${type} here`)
}

function recordOf(schema: JsonSchema, path: string): unknown {
  const fields = Object.entries(schema.properties!).map(([name, property]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new StratumError(
        'SCHEMA_INCOMPATIBLE',
        `${path}: a field of a stream's schema cannot be named '${name}': letters, digits and _, no digit first`,
      )
    const type = avroFromJsonSchema(property, `${path}_${name}`)
    return Array.isArray(type) ? { name, type, default: null } : { name, type }
  })
  return { type: 'record', name: path.replace(/[^A-Za-z0-9_]/g, '_'), namespace: 'stratum.raw', fields }
}
