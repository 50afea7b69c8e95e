import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import singer from '../../../connectors/singer/index.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { failure } from '../../support/failure.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { installedTap, TAP_CSV_FOLDER, tapsMissing } from '../../support/servers/taps.ts'
import { settings, Target } from './reading.ts'

t.setTimeout(500_000)

t.test('tap-csv-folder', { skip: tapsMissing() ?? false }, async t => {
  const path = temporaryFolder(t)
  const rows = (n: number, text: string) => Array.from({ length: n }, (_, i) => `${i},${text} ${i}`)
  const files = { 'a.csv': rows(15_000, 'größe'), 'b.csv': ['1,"x, ""y"""', '1,twice', '1,twice'] }
  for (const [name, lines] of Object.entries(files))
    writeFileSync(join(path, name), ['id,name', ...lines, ''].join('\r\n'))
  // It discovers, and breaks off when it is given the catalog again.
  const config = settings(
    await installedTap(TAP_CSV_FOLDER),
    { path, read_mode: 'one_stream_per_file' },
    { catalog_option: 'none' },
  )
  await t.resolves(singer.check(sourceContext({ config })))

  const offered: string[] = []
  const discovering = {
    ...sourceContext({ config: { ...config, catalog_option: '--catalog' } }),
    state: null,
  }
  for await (const { records } of singer.read('catalog', discovering))
    offered.push(...records.map(r => String(r.tap_stream_id)))
  t.equal(offered.length, 2)
  const [a, b] = offered.sort() as [string, string]

  const target = new Target()
  await target.read(config)
  t.same(target.table(a, ['id', 'name']), files['a.csv'].map(line => line.replace(',', '|')).sort())
  t.same(target.table(b, ['id', 'name']), ['1|twice', '1|twice', '1|x, "y"'], 'without a key nothing is one')

  const missing = { ...config, config: { path: join(path, 'nothing'), read_mode: 'one_stream_per_file' } }
  const error = await failure(singer.check(sourceContext({ config: missing })))
  t.notMatch(error.message, /\n/)
})
