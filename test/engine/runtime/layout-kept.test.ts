import { join } from 'node:path'
import t from 'tap'
import { LmdbWriter } from '../../../engine/log/lmdb/writer.ts'
import { openStores } from '../../../engine/runtime/stores.ts'
import { app } from '../../../stratum.ts'
import { engineOptions, standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** Deals out partitions in a new directory, dying at the nth commit (0: never), and gives what a second start finds. */
async function layoutAfterDeath(dir: string, nth: number) {
  const first = await openStores(app(standard), engineOptions(dir))
  const { commit } = LmdbWriter.prototype
  let commits = 0
  LmdbWriter.prototype.commit = function (unit) {
    if (++commits === nth) return Promise.reject(new Error('killed'))
    return commit.call(this, unit)
  }
  const died = await first.keepLayout().then(
    () => false,
    () => true,
  )
  LmdbWriter.prototype.commit = commit
  await first.close()
  const second = await openStores(app(standard), engineOptions(dir))
  const { topics, bases } = second.layout
  await second.close()
  return { died, topics, bases: [...bases].sort() }
}

t.test('killed while it dealt out partitions, the next start dealt some of them twice', async t => {
  const dir = temporaryFolder(t)
  const { topics, bases } = await layoutAfterDeath(join(dir, '0'), 0)
  for (let nth = 1; ; nth++) {
    const found = await layoutAfterDeath(join(dir, String(nth)), nth)
    t.same({ topics: found.topics, bases: found.bases }, { topics, bases }, `killed at commit ${nth}`)
    if (!found.died) break
  }
})
