import { Readable } from 'node:stream'
import t from 'tap'
import type { Row } from '../../../engine/cli/kit/index.ts'
import { run } from '../../../pipelines/trust/command.ts'

async function answers(text: string): Promise<Row[]> {
  const lines = () => Readable.from(text.split('\n'))
  const rows: Row[] = []
  const made = run({ args: [], options: {}, lines, signal: new AbortController().signal })
  for await (const row of made as AsyncIterable<Row>) rows.push(row)
  return rows
}

t.test('an answer for each line, in their order', async t => {
  const four = '"emq":80.6,"freshness":100,"variance":70,"anomaly":100'
  const found = await answers(
    `{${four},"action_class":"risk_increasing"}\n\n{"freshness":0,"action_class":"protective"}\n`,
  )
  t.match(found, [
    { score: 86.24, status: 'HEALTHY', effective_status: 'HEALTHY', gate: 'PASS', caps: [] },
    { score: 0, status: 'CRITICAL', effective_status: 'CRITICAL', gate: 'BLOCK' },
  ])
  t.same(Object.keys(found[0]!), ['score', 'status', 'effective_status', 'gate', 'caps'])
})

t.test('a wrong line is named by its number in the input', async t => {
  await t.rejects(answers('{"action_class":"protective"}\n\n{"action_class":\n'), {
    code: 'RECORD_INVALID',
    message: /^stdin, line 3: is not JSON/,
  })
})
