import { join } from 'node:path'
import t from 'tap'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { LmdbWriter } from '../../../engine/log/lmdb/writer.ts'
import { LogTable } from '../../../engine/log/table.ts'
import { keepLayout } from '../../../engine/runtime/layout-kept.ts'
import { openStores } from '../../../engine/runtime/stores.ts'
import { type Bases, Layout } from '../../../engine/stage/layout.ts'
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

t.test('two releases started at the same time dealt one partition to two writers', async t => {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  const whole = app(standard)
  const layoutOf = (sources: number) => (known: Bases) => {
    const some = { ...whole, sources: whole.sources.slice(0, sources) }
    return new Layout(some, { raw: 2, facts: 2, persons: 2 }, () => undefined, known)
  }
  const [small, large] = [layoutOf(1), layoutOf(2)]
  const starts = await Promise.all(
    [small, large].map(async again => {
      const dealt = await LogTable.open<number>(log, 'stratum.layout')
      return { dealt, layout: again(dealt.rows), again }
    }),
  )
  const outcomes = await Promise.allSettled(starts.map(s => keepLayout(s.dealt, s.layout, s.again)))
  const refused = outcomes.flatMap(o => (o.status === 'rejected' ? [o.reason as Error] : []))
  t.equal(refused.length, 1)
  t.match(refused[0], { code: 'TOPIC_MISMATCH', message: /while this one started .*start this one again/ })
  for (const again of [small, large, small]) {
    const dealt = await LogTable.open<number>(log, 'stratum.layout')
    await keepLayout(dealt, again(dealt.rows), again)
  }
  const { rows } = await LogTable.open<number>(log, 'stratum.layout')
  const letters = [...rows].filter(([name]) => name.endsWith('>deadletters'))
  t.ok(letters.length > 3)
  const owners = new Map<number, string>()
  for (const [name, base] of letters)
    for (const partition of [base, base + 1]) {
      t.notOk(owners.has(partition), `${name} and ${owners.get(partition)} both write ${partition}`)
      owners.set(partition, name)
    }
})
