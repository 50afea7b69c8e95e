import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporaryFolder } from '../../../support/folder.ts'
import { documents, run } from '../../../support/program.ts'
import { fails } from './place.ts'

t.setTimeout(240_000)

t.test('a line a check; exit 1 when one fails', async t => {
  const cwd = temporaryFolder(t)
  await run(['init', 'acme'], { cwd })
  const file = join(cwd, 'acme/index.mjs')
  const broken = readFileSync(file, 'utf8').replace("title: 'Account', ", '')
  writeFileSync(file, broken)
  const conformance = (...args: string[]) => run(['conformance', './acme', ...args], { cwd })
  const some = ['--check', 'schema', 'resume', 'token']
  const told = await conformance(...some)
  t.match(told, { code: 1, err: '' })
  t.match(told.out.trimEnd().split('\n'), [
    /^schema {8}FAILED: \/account has no title$/,
    /^resume {8}ok: reading on from every state gives neither loss nor double \(\d+ states\)$/,
    /^token {9}does not apply: no token of its platform ends$/,
  ])
  const rows = documents<Record<string, unknown>>((await conformance(...some, '--ndjson')).out)
  t.match(rows, [
    { check: 'schema', result: 'failed', reason: '/account has no title' },
    { check: 'resume', result: 'ok' },
    { check: 'token', result: 'does not apply' },
  ])
  t.match(await conformance('--check', 'resume'), { code: 0, err: '' })
  fails(t, await conformance('--check', 'resum'), 2, /no check resum \(did you mean "resume"\?\)/)
})

t.test('a connector without a trial has not passed', async t => {
  const cwd = temporaryFolder(t)
  await run(['init', 'acme'], { cwd })
  const file = join(cwd, 'acme/index.mjs')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^ {2}trial: .*$/m, ''))
  t.match(await run(['conformance', './acme', '--check', 'connects', 'resume'], { cwd }), {
    code: 1,
    out: /^connects +FAILED: it has no trial.*\nresume +does not apply: it has no trial/,
  })
  fails(t, await run(['read', './acme', '--trial'], { cwd }), 2, /acme has no trial: leave --trial out/)
})

t.test('spec --format markdown prints the table of settings', async t => {
  const { code, out } = await run(['spec', 'csv', '--format', 'markdown'])
  t.equal(code, 0)
  t.match(out, /^\| setting \| type \| default \| meaning \|\n\| --- .*\n\| `path` \| string \| required \|/)
  t.match(out, /\| string \\\| object \|/, 'a bar in a cell is escaped')
  fails(t, await run(['spec', 'csv', '--format', 'html']), 2, /no format html/)
})
