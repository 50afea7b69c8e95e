import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import singer from '../../../connectors/singer/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { failure } from '../../support/failure.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { fake, read, record, schema, state } from './harness.ts'

const id = (n: number) => record('o', `{"id":${n}}`)
const ids = (records: readonly { record: string | null }[]) =>
  records.flatMap(r => (r.record === null ? [] : [JSON.parse(r.record).id]))

t.test('a tap that is killed goes on from its last state', async t => {
  const lines = [schema('o'), id(1), state({ at: 3 }), schema('o'), id(2), id(3), state({ at: 7 })]
  const into = { records: [], rejected: [], states: [], notices: [] } as Awaited<ReturnType<typeof read>>
  const cut = fake({ lines: lines.slice(0, 5), resumes: true, signal: 'SIGKILL' })
  t.match(await failure(read(cut, null, into)), { kind: 'retryable' })
  t.same(ids(into.records), [1])
  await read(fake({ lines, resumes: true }), into.states.at(-1), into)
  t.same(ids(into.records), [1, 2, 3])
  t.same(
    into.records.map(r => r.sequence),
    [0, 1, 2, 3],
  )
})

/** A tap that sends no state before its end: a shell that prints a file, larger than what waits. */
const FULL = 30_000
const full = (file: string) => fake({}, { command: '/bin/sh', args: ['-c', 'cat "$0"', file] })
const table = (n: number, change = -1) =>
  [
    schema('o'),
    ...Array.from({ length: n }, (_, i) => id(i === change ? -1 : i)),
    state({ done: true }),
    '',
  ].join('\n')

async function cutAfter(file: string, batches: number): Promise<{ read: number[]; state: unknown }> {
  const found: number[] = []
  for await (const batch of singer.read('records', {
    ...sourceContext({ config: full(file) }),
    state: null,
  })) {
    found.push(...ids(batch.records as never))
    if (--batches === 0) return { read: found, state: batch.state }
  }
  throw new Error('it has fewer batches')
}

t.test('a full load that is cut off is not handed on twice', async t => {
  const file = join(temporaryFolder(t), 'out')
  writeFileSync(file, table(FULL))
  const first = await cutAfter(file, 1)
  t.ok(first.read.length < FULL)
  const rest = await read(full(file), first.state)
  t.same(
    [...first.read, ...ids(rest.records)],
    Array.from({ length: FULL }, (_, i) => i),
  )
  t.same(rest.notices, [])
  t.match(rest.states.at(-1), { tap: '{"done":true}', again: null })
})

t.test('a table that has changed meanwhile is handed on whole', async t => {
  const file = join(temporaryFolder(t), 'out')
  writeFileSync(file, table(FULL))
  const first = await cutAfter(file, 1)
  for (const changed of [table(FULL, 5), table(100)]) {
    writeFileSync(file, changed)
    const rest = await read(full(file), first.state)
    t.match(rest.notices, [
      /did not send what it had sent behind its last state: it is read again from there/,
    ])
    t.equal(`${[schema('o'), ...ids(rest.records).map(id), state({ done: true }), ''].join('\n')}`, changed)
    t.ok(rest.records[0]!.sequence > first.read.length - 1, 'what is later holds')
  }
})

t.test('a state of a version that is not known is told', async t => {
  t.match(await failure(read(fake({}), { version: 2 })), { kind: 'fatal', message: /state of version 2/ })
})
