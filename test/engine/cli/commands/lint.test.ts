import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ENFORCEMENT, EXAMPLE, PAUSE_LOSER } from '../../../pipelines/policy-tests/files.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { json, run } from '../../../support/program.ts'

t.setTimeout(240_000)

function folder(t: Test, files: Readonly<Record<string, string | Buffer>>): string {
  const dir = temporaryFolder(t)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return dir
}

interface Problem {
  readonly file: string
  readonly path: string
  readonly reason: string
}

t.test('what a file is its content says; what is none of ours is passed over', async t => {
  const cwd = folder(t, {
    'enforcement.yaml': ENFORCEMENT,
    'policies.test.yaml': EXAMPLE,
    'pause-loser.yaml': PAUSE_LOSER,
    'strict.yaml': 'composite: { pass: 75 }\nvalid_minutes: 5',
    'spend.yaml': 'path: spend.csv\nmapping: kag',
    'stratum.yaml': 'dataDir: x\napi: { port: 8080 }',
    'package.json': '{ "name": "x", "version": "1.0.0", "type": "module" }',
    'broken.yaml': 'a: [',
    'picture.json': Buffer.from([0xff, 0xfe, 0]),
  })
  const { code, out, err } = await run(['lint'], { cwd })
  t.equal(code, 0)
  t.equal(out, '')
  for (const what of [
    'a rule',
    'tests',
    'settings of the autopilot',
    'settings of trust',
    'settings of the engine',
    'configuration of csv',
  ])
    t.match(err, `1 × ${what}`)
  t.match(err, /; 0 wrong\n$/)
})

t.test('everything that is wrong, by file, path and reason: exit 1', async t => {
  const cwd = folder(t, {
    'enforcement.yaml': ENFORCEMENT.replace('20', '0.2')
      .replace('"SOFT_BLOCK"', '"SOFT"')
      .replace('roas_threshold', 'roas_treshold'),
    'policies.test.yaml': EXAMPLE.replace('./enforcement.yaml', './nowhere.yaml'),
    'pause-loser.yaml': PAUSE_LOSER.replace('roas < 0.8', 'raos < 0.8'),
    'tests-of-rule.yaml': PAUSE_LOSER.replace('gate: HOLD', 'gate: HOLT'),
    'trust.yaml': 'composite: { pass: 30, hold: 40 }\nvalid_minutes: 5',
    'spend.yaml': 'path: spend.csv\nmapping: kag\ncurency: EUR',
  })
  const { code, out } = await run(['lint', '--json'], { cwd })
  t.equal(code, 1)
  const problems = JSON.parse(out) as Problem[]
  const of = (file: string) =>
    problems.filter(one => one.file === file).map(({ path, reason }) => `${path} ${reason}`)
  t.match(of('enforcement.yaml').sort(), [
    /^\/default_mode must be one of/,
    /^\/roas_treshold is not a setting \(did you mean "roas_threshold"\?\)/,
  ])
  t.match(of('policies.test.yaml'), [/^\/policy \.\/nowhere\.yaml: there is no such file/])
  t.match(of('pause-loser.yaml'), [/^\/when .*roas/])
  t.match(of('tests-of-rule.yaml'), [/^\/tests\/1\/expect\/gate "HOLT" is none of PASS, HOLD, BLOCK/])
  t.equal(of('trust.yaml').length, 1)
  t.match(of('spend.yaml'), [
    /^\/curency is not a setting \(did you mean "currency"\?\) \(configuration of csv\)/,
  ])
  t.match(await run(['lint', 'spend.yaml'], { cwd }), {
    code: 1,
    out: /^spend\.yaml: \/curency is not a setting/,
  })
})

t.test('a file that is named has to be something', async t => {
  const cwd = folder(t, { 'a.yaml': 'services: { web: {} }', 'b.yaml': 'a: [', 'c.yaml': '' })
  t.match(await run(['lint', 'a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'], { cwd }), {
    code: 1,
    out: /^a\.yaml: is neither a rule, tests, settings nor .*\nb\.yaml: line 1: .*\nc\.yaml: is no object\nd\.yaml: there is no such file\n$/,
  })
  t.same(await json<unknown[]>(['lint'], { cwd }), [])
})
