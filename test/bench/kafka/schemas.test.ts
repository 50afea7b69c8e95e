import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import avsc from 'avsc'
import t from 'tap'
import { benchEvent, benchWindow } from '../../../bench/kafka/records.ts'
import type { AvroSchema } from '../../../engine/codec/kind.ts'

interface RecordSchema {
  readonly fields: readonly { readonly name: string; readonly type: unknown }[]
}

function java(name: string): RecordSchema & AvroSchema {
  const path = new URL(`../../../../bench/kafka/streams/src/main/avro/${name}.avsc`, import.meta.url)
  return JSON.parse(readFileSync(fileURLToPath(path), 'utf8')) as RecordSchema & AvroSchema
}

const fields = (schema: unknown) => (schema as RecordSchema).fields.map(({ name, type }) => ({ name, type }))

t.test('the Java program writes windows exactly as the checks read them', async t => {
  t.strictSame(fields(java('window')), fields(benchWindow.schema))
})

t.test('the Java program can read what the events are written with', async t => {
  const reader = avsc.Type.forSchema(java('event'))
  t.doesNotThrow(() => reader.createResolver(avsc.Type.forSchema(benchEvent.schema)))
})
