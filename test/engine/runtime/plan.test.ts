import t from 'tap'
import { defineKind, field, nullable } from '../../../engine/codec/kind.ts'
import { stage } from '../../../engine/stage/stage.ts'
import { windows } from '../../../engine/stage/windows.ts'
import type { StateSchema } from '../../../engine/state/keyed.ts'
import { factKind, Place, release, stageOf, things } from './releases.ts'

const place = new Place(t)
const state = (version: number, migrate?: StateSchema<unknown>['migrate']): StateSchema<unknown> => ({
  version,
  empty: () => ({}),
  ...(migrate ? { migrate } : {}),
})

t.test('on an empty place everything is made, and then there is nothing to do', async t => {
  const { plan, start } = place.empty()
  const planned = await plan(release())
  t.match(planned, [
    'topic stratum.facts: create: 2 partitions, delete',
    'topic stratum.results: create: 2 partitions, delete',
    'topic stratum.deadletters: create: 2 partitions, delete',
    /^schema tick: create: version 1/,
    /^schema sync: create/,
    /^schema dead_letter: create/,
    'schema fact: create: version 1',
    'state count: create: stage version 1',
    'table things: create: Things',
  ])
  t.strictSame(await plan(release()), planned, 'to look changes nothing')
  t.strictSame(await start(release()), planned, 'it does what was planned')
  t.strictSame(await plan(release()), [])
  t.strictSame(await start(release()), [])
})

t.test('a raised version of a stage is shown and done at the start', async t => {
  const { plan, start } = place.empty()
  await start(release({ stages: [stageOf('count', 1)] }))
  const next = release({ stages: [stageOf('count', 2), stageOf('more', 1)] })
  const expected = ['state count: alter: version 1 to 2', 'state more: create: stage version 1']
  t.strictSame(await plan(next), expected)
  t.strictSame(await start(next), expected)
  t.strictSame(await plan(next), [])
})

t.test('an older release is refused where a newer has run, by start and by apply', async t => {
  const { plan, start, apply } = place.empty()
  await start(release({ stages: [stageOf('count', 3)] }))
  const older = release({ stages: [stageOf('count', 2)] })
  const refusal =
    'state count: refuse: stage version 3 has run here, this release has 2: run the newer release'
  t.strictSame(await plan(older), [refusal])
  for (const go of [() => start(older), () => apply(older, ['things'])])
    await t.rejects(go(), { code: 'TABLE_MISMATCH', message: new RegExp(refusal) })
  t.strictSame(await plan(release({ stages: [stageOf('count', 3)] })), [], 'nothing has changed')
})

t.test('state that no release can read is refused before anything runs', async t => {
  const { plan, start } = place.empty()
  await start(release({ stages: [stageOf('count', 1, state(2))] }))
  const next = (schema?: StateSchema<unknown>, version = 2) =>
    release({ stages: [stageOf('count', version, schema)] })
  t.strictSame(await plan(next(state(3))), [
    'state count: refuse: its state has version 2, this release needs 3 and has no migration',
  ])
  await t.rejects(start(next(state(3))), { code: 'TABLE_MISMATCH', message: /has no migration/ })
  t.strictSame(await plan(next(state(1, () => ({})))), [
    'state count: refuse: its state has version 2, this release reads 1: run the newer release',
  ])
  t.strictSame(await plan(next()), [
    'state count: refuse: its state has version 2, this release reads none: run the newer release',
  ])
  const migrating = next(state(3, () => ({})))
  const expected = [
    'state count: alter: version 1 to 2, state 2 to 3 (each value migrates when it is next read)',
  ]
  t.strictSame(await plan(migrating), expected)
  t.strictSame(await start(migrating), expected)
  t.strictSame(await plan(next(state(2))), [
    'state count: refuse: its state has version 3, this release reads 2: run the newer release',
  ])
})

t.test(
  'windows of another version stopped the release in the middle of its work: refused before',
  async t => {
    const { plan, start } = place.empty()
    const counting = (version: number) => {
      const spec = windows<{ n: number }, { n: number }>({
        version,
        sizeUs: 60_000_000,
        time: fact => fact.n,
        empty: () => ({ n: 0 }),
        on: { fact: sums => void sums.n++ },
        show: ({ key, sums }) => ({ topic: 'results', kind: factKind, value: sums, key }),
      })
      return release({ stages: [stage({ name: 'count', version: 1, windows: spec, on: {} })] })
    }
    await start(counting(1))
    t.strictSame(await plan(counting(1)), [])
    await t.rejects(start(counting(2)), {
      code: 'TABLE_MISMATCH',
      message: /state count: refuse: its state has version 1, this release needs 2 and has no migration/,
    })
  },
)

t.test('keys would move with another number of partitions: refused', async t => {
  const { plan, start } = place.empty()
  await start(release())
  const more = { partitions: { raw: 2, facts: 5, persons: 4 } }
  const planned = await plan(release(), more)
  t.match(planned, [
    /^topic stratum.facts: refuse: it has 2 partitions \(delete\), this release needs 5 \(delete\); keys would move/,
  ])
  await t.rejects(start(release(), more), { code: 'TABLE_MISMATCH', message: /set log.partitions back/ })
  t.strictSame(await plan(release()), [])
})

t.test('topics of results grow with the folds that write them', async t => {
  const { plan, start, on } = place.empty()
  await start(release())
  const next = release({
    topics: [{ name: 'persons', route: 'key', cleanup: 'delete', kinds: [factKind] }],
    tasks: [{ name: 'person', from: 'persons', stages: [stageOf('journey', 1)], emits: ['results'] }],
  })
  const expected = [
    'topic stratum.results: alter: 2 to 6 partitions: new writers get their own',
    'topic stratum.deadletters: alter: 2 to 6 partitions: new writers get their own',
    'topic stratum.persons: create: 4 partitions, delete',
    'state journey: create: stage version 1',
  ]
  t.strictSame([...(await plan(next))].sort(), [...expected].sort())
  await start(next)
  t.strictSame(await plan(next), [])
  const { partitions } = (await on(next, async ({ log }) => await log.topics())).find(
    topic => topic.name === 'stratum.results',
  )!
  t.equal(partitions, 6)
  t.strictSame(await plan(release()), [], 'the release before finds its partitions where they were')
})

t.test('a retention of a topic that changes is shown and done', async t => {
  const { plan, start, on } = place.empty()
  await start(release())
  const week = { retentionMs: (topic: string) => (topic === 'facts' ? 604_800_000 : undefined) }
  t.strictSame(await plan(release(), week), ['topic stratum.facts: alter: retention none ms to 604800000 ms'])
  await start(release(), week)
  t.strictSame(await plan(release(), week), [])
  const topics = await on(release(), async ({ log }) => await log.topics(), week)
  t.equal(topics.find(topic => topic.name === 'stratum.facts')!.retentionMs, 604_800_000)
})

t.test('a schema that cannot read what is written is refused, one that can is a new version', async t => {
  const { plan, start } = place.empty()
  await start(release())
  const fact = (...fields: Parameters<typeof defineKind>[1]) =>
    release({ kinds: [defineKind<never>('fact', fields)] })
  const added = fact(field('n', 'long'), field('note', nullable('string')))
  t.strictSame(await plan(added), ['schema fact: alter: a new version, reads all earlier ones'])
  const broken = fact(field('n', 'long'), field('note', 'string'))
  const planned = await plan(broken)
  t.equal(planned.length, 1)
  t.match(planned, [/^schema fact: refuse: cannot read what is written \(version 1: .*note/])
  await t.rejects(start(broken), { code: 'TABLE_MISMATCH' })
  await start(added)
  t.strictSame(await plan(added), [])
  t.strictSame(await plan(release()), [], 'the release before reads on')
})

t.test('a table that changes waits for apply, one that loses rows for its name', async t => {
  const { plan, start, apply, on } = place.empty()
  await start(release())
  const wider = release({
    tables: [{ ...things, columns: [...things.columns, { name: 'n', type: 'Int64' }] }],
  })
  const [alter, ...rest] = await plan(wider)
  t.match(alter, /^table things: alter: add n Int64/)
  t.strictSame(rest, [])
  await t.rejects(start(wider), {
    code: 'TABLE_MISMATCH',
    message: /table things: alter: add n Int64.*\n`stratum apply` does it/,
  })
  t.strictSame(await apply(wider), [alter])
  t.strictSame(await plan(wider), [])

  const other = release({ tables: [{ ...things, orderBy: ['tenant_id'] }] })
  const planned = await plan(other)
  t.match(planned, [
    /^table things: recreate \(loss\): .*\(tenant_id\) is needed.*it is filled again from the log/,
  ])
  for (const lose of [[], ['thing']])
    await t.rejects(apply(other, lose), { code: lose.length ? 'USAGE' : 'TABLE_MISMATCH' })
  await t.rejects(apply(other), { message: /`stratum apply --lose things` does it/ })
  t.strictSame(await plan(wider), [], 'nothing has changed')
  t.strictSame(await apply(other, ['things']), planned)
  t.strictSame(await plan(other), [])
  const generation = await on(other, async ({ generations }) => generations.generation(things))
  t.equal(generation, '2', 'its rows are never taken for repeats of those before')
})

t.test('one refusal keeps everything else from being done', async t => {
  const { start, apply, on } = place.empty()
  await start(release({ stages: [stageOf('count', 2)] }))
  const next = release({
    stages: [stageOf('count', 1)],
    topics: [{ name: 'more', route: 'key', cleanup: 'delete', kinds: [] }],
    tables: [things, { ...things, name: 'others' }],
  })
  await t.rejects(apply(next), { code: 'TABLE_MISMATCH' })
  const topics = await on(next, async ({ log }) => await log.topics())
  t.notOk(topics.some(topic => topic.name === 'stratum.more'))
  const tables = await on(next, (stores, warehouse) =>
    warehouse.query<{ name: string }>('SELECT name FROM system.tables WHERE database = {database:String}', {
      database: stores.options.warehouse.database,
    }),
  )
  t.strictSame(
    tables.map(table => table.name),
    ['things'],
  )
})
