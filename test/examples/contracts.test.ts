import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { AvroField, Kind } from '../../engine/codec/kind.ts'
import { commandKind, commandResultKind } from '../../engine/command/command.ts'
import { actionKind, actionResultKind, decisionKind } from '../../pipelines/autopilot/kinds.ts'
import { killSwitchKind } from '../../pipelines/kill-switch/kinds.ts'
import { PROJECT } from '../support/project.ts'

const KINDS: readonly Kind[] = [
  actionKind,
  actionResultKind,
  decisionKind,
  commandKind,
  commandResultKind,
  killSwitchKind,
]

function typeText(type: unknown): string {
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return type.map(typeText).join(' or ')
  const { type: outer, items } = type as { type: string; items: unknown }
  return outer === 'array' ? `array of ${typeText(items)}` : outer
}

/** What a kind has beside what every record has. */
function tableOf({ schema }: Kind): string {
  const { fields } = schema as unknown as { fields: readonly AvroField[] }
  const base = new Set(['tenant_id', 'event_id', 'event_time', 'ingest_time'])
  const rows = fields.filter(({ name }) => !base.has(name))
  return [
    '| field | type | |',
    '| --- | --- | --- |',
    ...rows.map(({ name, type, doc = '' }) => `| \`${name}\` | ${typeText(type)} | ${doc} |`),
  ].join('\n')
}

const text = readFileSync(join(PROJECT, 'examples', 'consumers', 'autopilot.md'), 'utf8')

for (const kind of KINDS)
  t.test(`the contract of ${kind.name} is the schema that is written`, async t => {
    const found = new RegExp(
      `^<!-- ${kind.name} -->\\n\\n([\\s\\S]*?)\\n\\n<!-- /${kind.name} -->$`,
      'm',
    ).exec(text)
    t.equal(
      found?.[1],
      tableOf(kind),
      `examples/consumers/autopilot.md: between <!-- ${kind.name} --> and <!-- /${kind.name} -->`,
    )
  })

t.test('what can be added later has a default, so that consumers of today read it', async t => {
  for (const { name, schema } of KINDS) {
    const { fields } = schema as unknown as { fields: readonly AvroField[] }
    for (const { name: field, type, default: standard } of fields)
      if (Array.isArray(type)) t.equal(standard, null, `${name}.${field}`)
  }
})
