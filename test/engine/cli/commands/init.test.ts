import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { temporaryFolder } from '../../../support/folder.ts'
import { json, run } from '../../../support/program.ts'
import { COMPILED, PROJECT } from '../../../support/project.ts'
import { fails } from './place.ts'

t.setTimeout(600_000)

t.test(
  'a new connector is four files that pass conformance as they are, and says what to do next',
  async t => {
    const cwd = temporaryFolder(t)
    const made = await run(['init', 'acme-ads'], { cwd })
    t.match(made, { code: 0, out: /connector +acme-ads/, err: /stratum conformance \.\/acme-ads/ })
    t.same(readdirSync(join(cwd, 'acme-ads')).sort(), [
      'config.example.yaml',
      'conformance.test.mjs',
      'index.mjs',
      'simulator.mjs',
    ])
    const checks = await json<{ check: string; result: string; reason: string | null }[]>(
      ['conformance', './acme-ads'],
      { cwd },
    )
    t.ok(checks.length > 15)
    t.same(
      checks.filter(c => c.result !== 'ok').map(c => c.check),
      ['token', 'delivered', 'signature', 'replay', 'mangled'],
      'its token never ends, and nothing is delivered to it',
    )
    const check = await run(['check', './acme-ads', '--config', 'acme-ads/config.example.yaml'], { cwd })
    t.match(check, { code: 1, err: /^stratum check: acme-ads: .*api\.acme-ads\.example.*cannot be reached/ })
  },
)

t.test('its own test runs with the package beside it', async t => {
  const cwd = temporaryFolder(t)
  const place = join(cwd, 'node_modules/stratum')
  mkdirSync(place, { recursive: true })
  cpSync(join(PROJECT, 'package.json'), join(place, 'package.json'))
  symlinkSync(COMPILED, join(place, 'dist'))
  await run(['init', 'acme'], { cwd })
  const kept = Object.entries(process.env).filter(([name]) => !/^(NODE_|TAP)/.test(name))
  const env = { ...Object.fromEntries(kept), NODE_ENV: 'test' }
  const args = ['--test', '--test-reporter=tap', 'acme/conformance.test.mjs']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env })
  t.match(stdout, /^# fail 0$/m)
  t.match(stdout, /resume: reading on from every state/)
  t.match(stdout, /# SKIP no token of its platform ends/)
})

t.test('nothing is overwritten, and the name is checked', async t => {
  const cwd = temporaryFolder(t)
  mkdirSync(join(cwd, 'mine'))
  writeFileSync(join(cwd, 'mine/index.mjs'), '// mine')
  fails(t, await run(['init', 'mine'], { cwd }), 2, /mine is there already: nothing was written/)
  t.same(readdirSync(join(cwd, 'mine')), ['index.mjs'])
  t.equal(readFileSync(join(cwd, 'mine/index.mjs'), 'utf8'), '// mine')
  for (const name of ['Acme', '1acme', 'acme_ads', 'acme--ads', 'a'.repeat(41), 'import'])
    fails(t, await run(['init', name], { cwd }), 2, /cannot be a connector's id/)
  fails(t, await run(['init', 'csv'], { cwd }), 2, /there is a connector csv already/)
  t.same(readdirSync(cwd), ['mine'])
})

t.test('a path that holds no connector: what is wrong, in one line', async t => {
  const cwd = temporaryFolder(t)
  mkdirSync(join(cwd, 'empty'))
  writeFileSync(join(cwd, 'none.mjs'), 'export default 7')
  writeFileSync(join(cwd, 'torn.mjs'), 'export default {')
  writeFileSync(join(cwd, 'lost.mjs'), "import 'stratum/plugins/nonsense'")
  fails(t, await run(['spec', './nowhere'], { cwd }), 2, /no connector at \.\/nowhere: there is nothing/)
  fails(t, await run(['spec', './empty'], { cwd }), 2, /the folder has no index\.mjs/)
  fails(t, await run(['spec', './none.mjs'], { cwd }), 1, /none\.mjs is no connector: its default export/)
  fails(t, await run(['spec', './torn.mjs'], { cwd }), 1, /torn\.mjs cannot be loaded: Unexpected/)
  fails(t, await run(['spec', './lost.mjs'], { cwd }), 1, /lost\.mjs cannot be loaded: Cannot find/)
})

t.test('two connectors of one id are refused, and the same one by two paths is one', async t => {
  const cwd = temporaryFolder(t)
  await run(['init', 'acme'], { cwd })
  cpSync(join(cwd, 'acme'), join(cwd, 'copy'), { recursive: true })
  const twice = { STRATUM_CONNECTORS: './acme,./copy' }
  fails(t, await run(['connectors'], { cwd, env: twice }), 2, /\.\/copy has the id acme, and so has \.\/acme/)
  const env = { STRATUM_CONNECTORS: './acme' }
  t.match(await run(['spec', 'acme'], { cwd, env }), { code: 0, out: /^token +string/m })
  t.match(await run(['spec', `${cwd}/acme`], { cwd, env }), { code: 0, out: /^token +string/m })
})
