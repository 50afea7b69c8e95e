import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { scratchFile, sweepScratch } from '../../../engine/store/scratch.ts'
import { temporaryFolder } from '../../support/folder.ts'

t.test('a killed process left the bytes of its inserts in the data directory for ever', async t => {
  const dir = temporaryFolder(t)
  // In a container every start has the same process id.
  for (const name of ['insert-1-1.native', `insert-${process.pid}-9.native`, 'log.lmdb'])
    writeFileSync(join(dir, name), '')
  sweepScratch(dir)
  t.same(readdirSync(dir), ['log.lmdb'])

  const own = scratchFile(dir)
  writeFileSync(own, '')
  sweepScratch(dir)
  t.same(readdirSync(dir).length, 2, 'an insert of this process that is under way keeps its file')
  t.not(scratchFile(dir), own)
})
