import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { ENFORCEMENT, EXAMPLE, PAUSE_LOSER } from '../../../pipelines/policy-tests/files.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { json, run } from '../../../support/program.ts'

t.setTimeout(240_000)

/** A folder with files, by name. */
function folder(t: Test, files: Readonly<Record<string, string>>): string {
  const dir = temporaryFolder(t)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return dir
}

const EDGE = 'twenty percent is the edge'

t.test('one line a case, of every file below: tests of policies and rules with theirs inside', async t => {
  const cwd = folder(t, {
    'enforcement.yaml': ENFORCEMENT,
    'policies.test.yaml': EXAMPLE,
    'rules/pause-loser.yaml': PAUSE_LOSER,
    'rules/other.yaml': 'rule: of another program\ntests: [1]',
    'rules/one.json': JSON.stringify(parse(PAUSE_LOSER)),
    'node_modules/x/a.test.yaml': 'tests: [',
    '.hidden/a.test.yaml': 'tests: [',
  })
  symlinkSync('.', join(cwd, 'loop'))
  t.match(await run(['test'], { cwd }), {
    code: 0,
    err: '7 of 7 cases ok\n',
    out: [
      `ok      policies.test.yaml: ${EDGE}`,
      'ok      policies.test.yaml: who releases the switch [role: MANAGER]',
      'ok      policies.test.yaml: who releases the switch [role: ADMIN]',
      'ok      rules/one.json: a winner stays',
      'ok      rules/one.json: dead tracking pauses nobody',
      'ok      rules/pause-loser.yaml: a winner stays',
      'ok      rules/pause-loser.yaml: dead tracking pauses nobody',
      '',
    ].join('\n'),
  })
})

t.test('one that fails says what was expected and what came: exit 1', async t => {
  const cwd = folder(t, {
    'enforcement.yaml': ENFORCEMENT,
    'a.test.yaml': EXAMPLE.replace('to: 120', 'to: 121'),
  })
  const { code, out, err } = await run(['test', 'a.test.yaml'], { cwd })
  t.equal(code, 1)
  t.equal(
    out.split('\n')[0],
    `not ok  a.test.yaml: ${EDGE}: violations expected [], came ["BUDGET_EXCEEDED.DAILY_INCREASE"]; outcome expected EXECUTE, came ENFORCEMENT`,
  )
  t.equal(err, '2 of 3 cases ok\n')
  const said = await run(['test', 'a.test.yaml', '--json'], { cwd })
  t.equal(said.code, 1)
  t.match(JSON.parse(said.out), {
    passed: 2,
    failed: 1,
    problems: [],
    cases: [
      {
        name: EDGE,
        ok: false,
        failures: [{ at: null, field: 'violations', expected: [] }, { came: 'ENFORCEMENT' }],
      },
      {},
      {},
    ],
  })
})

t.test('a file that is wrong is named with every reason, the others run: exit 2', async t => {
  const cwd = folder(t, {
    'enforcement.yaml': ENFORCEMENT,
    'b.test.yaml': EXAMPLE,
    'a.test.yaml': 'polcy: x\ntests: [{ name: a, expect: { gat: PASS } }]',
  })
  const { code, out, err } = await run(['test'], { cwd })
  t.equal(code, 2)
  t.equal(out.match(/^ok/gm)?.length, 3)
  t.match(err, /^a\.test\.yaml: \/polcy is no field \(did you mean "policy"\?\)/m)
  t.match(err, /^a\.test\.yaml: \/tests\/0\/expect\/gat is nothing that can be expected/m)
  t.match(await run(['test', 'nowhere.test.yaml'], { cwd }), {
    code: 2,
    out: '',
    err: /^nowhere\.test\.yaml: there is no such file/,
  })
  t.match(await run(['test'], { cwd: folder(t, {}) }), {
    code: 2,
    err: /there are no tests here: name files/,
  })
})

t.test('what no case reached', async t => {
  const cwd = folder(t, { 'enforcement.yaml': ENFORCEMENT, 'a.test.yaml': EXAMPLE })
  const { not_reached } = await json<{ not_reached: Record<string, string[]> }>(
    ['test', 'a.test.yaml', '--coverage'],
    { cwd },
  )
  t.same(not_reached.gates, ['HOLD', 'BLOCK'])
  t.notOk(not_reached.outcomes!.includes('EXECUTE'))
  t.ok(not_reached.outcomes!.includes('BLAST_RADIUS'))
  t.ok(not_reached.caps!.includes('KILL_SWITCH_ENGAGED'))
  t.ok(not_reached.violations!.includes('BUDGET_EXCEEDED.DAILY_INCREASE'))
  t.match(await run(['test', 'a.test.yaml', '--coverage'], { cwd }), {
    code: 0,
    out: /^no case reached gates: HOLD, BLOCK$/m,
  })
})
