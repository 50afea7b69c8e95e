import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporaryFolder } from '../../support/folder.ts'
import { documents, json, run } from '../../support/program.ts'

t.test('a key too long for the state held up its partition for ever', async t => {
  t.setTimeout(240_000)
  const cwd = temporaryFolder(t)
  const ad = (id: string) => `2026-01-10,meta,a1,${id},${id},${id},${id},100,2,1.25,EUR`
  const header =
    'date,platform,account_id,campaign_id,campaign_name,adset_id,ad_id,impressions,clicks,spend,currency'
  writeFileSync(join(cwd, 'spend.csv'), [header, ad('x1'), ad('é'.repeat(400)), ad('x2'), ''].join('\n'))
  const set = ['--set', 'path=spend.csv', '--set', 'mapping=generic']
  const report = await json(['ingest', 'csv', ...set, '--tenant', 'demo'], { cwd })
  // It was written as a fact before the task that keeps state by it refused it: it is no repeat, and not fewer than none.
  t.match(report, { read: 3, written: 3, dead_lettered: 1, repeats: 0 })
  const sql = 'SELECT DISTINCT ad_id FROM ad_metrics_daily ORDER BY ad_id'
  const { out } = await run(['query', sql, '--ndjson'], { cwd })
  t.strictSame(documents(out), [{ ad_id: 'x1' }, { ad_id: 'x2' }])
  const letters = documents((await run(['deadletters', 'list', '--ndjson'], { cwd })).out)
  t.match(letters, [{ stage: 'ad-metrics', reason: /^its key has 24\d\d bytes/ }])
})
