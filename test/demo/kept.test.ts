import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { firstDayOf } from '../../demo/kept.ts'
import { temporaryFolder } from '../support/folder.ts'

const at = (iso: string) => Date.parse(iso) * 1000

t.test('the first day is 90 days before the first start, and the same at every later one', async t => {
  const dir = temporaryFolder(t)
  // In New York it is still the 9th.
  t.equal(firstDayOf(dir, 'America/New_York', at('2026-04-10T02:00:00Z')), '2026-01-10')
  t.equal(firstDayOf(dir, 'America/New_York', at('2026-09-01T12:00:00Z')), '2026-01-10')
  t.same(JSON.parse(readFileSync(join(dir, 'demo.json'), 'utf8')), { first_day: '2026-01-10' })
})

t.test('what somebody else wrote there is refused, and told what to do', async t => {
  const dir = temporaryFolder(t)
  for (const text of ['', '{', 'null', '{}', '{"first_day": 3}', '{"first_day": "2026-13-40"}']) {
    writeFileSync(join(dir, 'demo.json'), text)
    t.throws(
      () => firstDayOf(dir, 'UTC', 0),
      { code: 'CONFIG_INVALID', message: /demo\.json .*Remove it/ },
      text,
    )
  }
})
