import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporaryFolder } from '../support/folder.ts'
import { generate } from './generate.ts'
import { FAULTS } from './generate-faults.ts'

const size = { days: 3, sessionsPerDay: 40 }

function tables(dir: string): string[] {
  return readdirSync(dir)
    .sort()
    .map(name => `${name}\n${readFileSync(join(dir, name), 'latin1')}`)
}

t.test('the same seed writes the same bytes, another one others', async t => {
  const dirs = [1, 2, 3].map(() => temporaryFolder(t))
  generate(dirs[0]!, { seed: 5, ...size })
  generate(dirs[1]!, { seed: 5, ...size })
  generate(dirs[2]!, { seed: 6, ...size })
  t.same(tables(dirs[0]!), tables(dirs[1]!))
  t.notSame(tables(dirs[0]!), tables(dirs[2]!))
})

t.test('the export has repeats, late events and a row of every fault a day', async t => {
  const dir = temporaryFolder(t)
  const truth = generate(dir, { seed: 1, days: 3, sessionsPerDay: 300 })
  const lines = tables(dir).flatMap((text, day) =>
    text
      .split('\n')
      .slice(1, -1)
      .map(line => ({ day, line })),
  )
  t.equal(lines.length, truth.rows)
  t.equal(truth.deadLetters, FAULTS.length * 3)
  const good = lines.filter(({ line }) => line.includes('"ga_session_id"'))
  t.equal(new Set(good.map(({ line }) => line)).size, truth.events, 'distinct good rows are the events')
  t.ok(good.length > truth.events, 'some come twice')
  const late = good.filter(({ day, line }) => !line.startsWith(`{"event_date":"202101${11 + day}"`))
  t.ok(late.length > 0, 'some come with a later table')
})
