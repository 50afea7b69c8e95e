import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ga4 from '../../../connectors/ga4/index.ts'
import { generate } from '../../chaos/generate.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { Laboratory } from './run.ts'
import { difference } from './topics.ts'

const laboratory = new Laboratory(t)
const size = { seed: 11, days: 4, sessionsPerDay: 40 }

/** Gives every file the name of the next, so that what was read first is read last. */
function turnRound(dir: string): void {
  const names = readdirSync(dir).sort()
  mkdirSync(join(dir, 'next'))
  names.forEach((name, i) => {
    renameSync(join(dir, name), join(dir, 'next', names[(i + names.length - 1) % names.length]!))
  })
  for (const name of names) renameSync(join(dir, 'next', name), join(dir, name))
}

t.test('an export with repeats, late events and bad rows: twice the same, in any order of files', async t => {
  const path = join(temporaryFolder(t), 'export')
  const truth = generate(path, size)
  const sync = { source: ga4, config: { path } }
  const one = await laboratory.run([[sync]])
  t.match(one.tables, { events: { rows: truth.events }, dead_letters: { rows: truth.deadLetters } })

  const two = await laboratory.run([[sync]], {
    options: { readLimit: () => ({ maxRecords: 100 }) },
    turns: 20,
  })
  t.equal(difference(one.topics, two.topics), null, 'the same topics')
  t.strictSame(two.tables, one.tables, 'the same tables')

  turnRound(path)
  const other = await laboratory.run([[sync]])
  t.ok(difference(one.topics, other.topics), 'it was read in another order')
  for (const name of ['events', 'sessions_current', 'funnel_daily'])
    t.strictSame(other.tables[name], one.tables[name], `the same ${name}`)
  t.equal(other.tables.dead_letters!.rows, truth.deadLetters)
})
