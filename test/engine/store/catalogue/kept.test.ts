import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { openCatalogue } from '../../../../engine/store/catalogue/open.ts'
import { temporaryFolder } from '../../../support/folder.ts'

t.setTimeout(240_000)

t.test('kill -9 while it writes: all that was acknowledged is there', async t => {
  const dir = temporaryFolder(t)
  // A first start that was cut short was taken for a catalogue: it is made beside its place.
  mkdirSync(join(dir, 'catalogue', 'making'), { recursive: true })
  writeFileSync(join(dir, 'catalogue', 'making', 'PG_VERSION'), '18\n')
  const program = new URL('./writing.js', import.meta.url).pathname
  let acknowledged = 0
  for (let kill = 1; kill <= 2; kill++) {
    const child = spawn(process.execPath, [program, dir, String(acknowledged)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.teardown(() => child.kill('SIGKILL'))
    const until = acknowledged + 20 * kill
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line)
      if (acknowledged >= until) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    t.equal(child.signalCode, 'SIGKILL')
    const catalogue = await openCatalogue(dir)
    const rows = await catalogue.query<{ version: number }>(
      { tenant: 'acme' },
      'SELECT version FROM settings ORDER BY version',
    )
    await catalogue.close()
    const versions = rows.map(r => r.version)
    // One more may have been committed than could be said.
    t.same(
      versions,
      Array.from({ length: Math.max(acknowledged, versions.length) }, (_, i) => i + 1),
    )
    t.ok(versions.length <= acknowledged + 1)
    acknowledged = versions.length
  }
  t.same(readdirSync(join(dir, 'catalogue')).sort(), ['data', 'owner'])
})

t.test('a catalogue that does not open says which', async t => {
  const dir = temporaryFolder(t)
  const files = join(dir, 'catalogue', 'data')
  mkdirSync(files, { recursive: true })
  writeFileSync(join(files, 'PG_VERSION'), '18\n')
  await t.rejects(openCatalogue(dir), {
    code: 'STORE_UNAVAILABLE',
    message: new RegExp(`${files} does not open`),
  })
  t.same(readdirSync(join(dir, 'catalogue', 'owner')), [], 'nobody has it')
})
