import t from 'tap'
import { wiringOf } from '../../../engine/runtime/wiring.ts'
import { connector, stream } from '../../../plugins/contract.ts'
import { object, string } from '../../../plugins/schema.ts'
import { app as stratum } from '../../../stratum.ts'
import { standard } from '../../support/engine.ts'
import { release, stageOf } from './releases.ts'

const counts = { raw: 2, facts: 3, persons: 4 }

const crm = connector({
  id: 'crm',
  title: 'CRM',
  version: '2.0.0',
  config: object({}),
  async check() {},
  streams: {
    people: stream({
      title: 'People',
      kind: null,
      schema: object({ id: string() }),
      primaryKey: ['id'],
      cursorField: null,
      async *read() {},
    }),
  },
})

t.test('a map names who reads and writes what', async t => {
  const app = release({
    sources: [crm],
    stages: [stageOf('count', 7, { version: 2, empty: () => ({}) })],
    tasks: [{ name: 'collect', from: 'raw', stages: [stageOf('take', 1)], to: 'facts' }],
  })
  const { connectors, tasks, topics, tables } = wiringOf(app, counts)
  t.strictSame(connectors, [
    { id: 'crm', version: '2.0.0', topic: 'stratum.raw.crm', streams: [{ name: 'people', kind: null }] },
  ])
  t.match(tasks, [
    {
      name: 'work',
      reads: ['stratum.facts'],
      stages: [{ name: 'count', version: 7, on: [], state: 2 }],
      writes: ['stratum.results', 'stratum.deadletters'],
    },
    {
      name: 'collect',
      reads: ['stratum.raw.crm'],
      stages: [{ name: 'take', state: null }],
      writes: ['stratum.facts', 'stratum.deadletters'],
    },
  ])
  const topic = (name: string) => topics.find(topic => topic.name === `stratum.${name}`)
  t.match(topic('raw.crm'), {
    partitions: 2,
    route: 'key',
    kinds: ['sync', 'raw_crm_people'],
    written_by: ['connector crm'],
    read_by: ['task collect'],
  })
  t.match(topic('facts'), { partitions: 3, written_by: ['task collect'], read_by: ['task work'] })
  t.match(topic('results'), { route: 'input', written_by: ['task work'], read_by: ['table things'] })
  t.match(topic('deadletters'), { written_by: ['connector crm', 'task work', 'task collect'], read_by: [] })
  t.strictSame(tables, [{ name: 'things', topic: 'stratum.results', kind: 'fact', views: [] }])
})

t.test(
  'in Stratum nothing hangs in the air: what is read is written, what is written is declared',
  async t => {
    const { tasks, topics, tables } = wiringOf(stratum(standard), counts)
    const names = topics.map(topic => topic.name)
    for (const name of [
      ...tasks.flatMap(task => [...task.reads, ...task.writes]),
      ...tables.map(table => table.topic),
    ])
      t.ok(names.includes(name), name)
    for (const { name, cleanup, written_by, read_by } of topics) {
      t.not(written_by.length, 0, `somebody writes ${name}`)
      // What keeps the state in force is for those outside.
      if (cleanup !== 'compact') t.not(read_by.length, 0, `somebody reads ${name}`)
    }
    for (const table of tables)
      t.ok(
        topics.find(topic => topic.name === table.topic)!.kinds.includes(table.kind),
        `${table.name} is filled`,
      )
    const stages = tasks.flatMap(task => task.stages.map(stage => stage.name))
    t.equal(
      new Set(stages).size,
      stages.length,
      'a stage has a name of its own: pauses and versions go by it',
    )
  },
)
