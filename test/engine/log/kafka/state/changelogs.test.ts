import t from 'tap'
import { type Changelog, Changelogs } from '../../../../../engine/log/kafka/state/changelogs.ts'
import { temporaryFolder } from '../../../../support/folder.ts'
import { MemoryChangelog, STORE, WRITER } from './changelog.ts'

t.test(
  'a store is read from the changelog of its owner, which is restored where it is taken over',
  async t => {
    const log = new MemoryChangelog()
    log.commit(1, { k: '1' })
    const told: string[] = []
    const state: Changelog = { topic: 'state', partition: 0, sole: WRITER }
    const cells: Changelog = { topic: 'cells', partition: 0 }
    const changelogs = new Changelogs(log, {
      dir: temporaryFolder(t),
      cluster: () => 'c1',
      tombstonesMs: 86_400_000,
      of: name => (name === STORE || name === WRITER ? state : cells),
      now: () => 1_000,
      onRestored: ({ topic }, { how, records }) => told.push(`${topic} ${how} ${records}`),
    })
    t.equal(changelogs.cache(changelogs.of(STORE)), changelogs.cache(state))
    t.not(changelogs.cache(cells), changelogs.cache(state))
    const reader = changelogs.reader(STORE)
    t.equal(reader.get(Buffer.from('k')), undefined)
    const offsets = await changelogs.restore(state)
    t.equal(offsets.get(WRITER)?.seq, 1)
    t.equal(reader.get(Buffer.from('k'))?.toString(), '1')
    t.same(told, ['state whole 2'])
    await changelogs.restore(state)
    t.same(told, ['state whole 2', 'state current 0'])
    await changelogs.close()
  },
)
