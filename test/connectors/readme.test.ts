import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { sources } from '../../connectors/index.ts'
import { settingsTable } from '../../engine/source/settings-table.ts'
import { PROJECT } from '../support/project.ts'

for (const { id, spec } of sources)
  t.test(`the README of ${id} shows the settings it has`, async t => {
    const text = readFileSync(join(PROJECT, 'connectors', id, 'README.md'), 'utf8')
    const [, table] = /^<!-- settings: .*-->\n\n([\s\S]*?)\n<!-- \/settings -->$/m.exec(text) ?? []
    t.equal(table, settingsTable(spec), `stratum spec ${id} --format markdown`)
  })
