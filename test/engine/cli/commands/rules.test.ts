import t from 'tap'
import { CSV, fails, place, refuses } from './place.ts'

const { write, stratum, json, rows } = place(t)

const RULE = `rule: big-spender
version: 1
mode: suggest
subject: campaign
reads:
  spend: { metric: spend, over: 7 days }
when: spend > 5
then: { action: CAMPAIGN_PAUSE }
`
const TENANT = ['--tenant', 'demo'] as const

t.test('a rule is put in force, and what it matched is decided, with its reasons', async t => {
  write('rule.yaml', RULE)
  t.match(await json('rules', 'set', 'rule.yaml', ...TENANT, '--as', 'anna'), { accepted: true, version: 1 })
  t.match(await json('rules', 'list', ...TENANT), { rules: [{ rule: 'big-spender', mode: 'suggest' }] })
  await json('ingest', ...CSV, ...TENANT)
  const [decision] = await rows<{ decision_id: string; outcome: string }>(
    'query',
    'SELECT decision_id, outcome, causes, entity, explanation FROM stratum.decisions',
  )
  // A file says nothing of how a campaign stands.
  t.match(decision, { outcome: 'NO_CURRENT_VALUE', entity: 'meta:a1:c1', explanation: /value is not known/ })
  t.match(await json('replay', '--decision', decision!.decision_id), { same: true, differs: [] })
  fails(t, await stratum('replay', '--decision', 'none'), 1, /there is no decision none/)
  fails(t, await stratum('replay', '--decision', 'x', '--pipeline', 'tenant'), 2, /two different replays/)
})

t.test('a rule that is wrong is refused with every reason, and the old one stays', async t => {
  write(
    'wrong.yaml',
    RULE.replace('version: 1', 'version: 2').replace('spend > 5', 'spent > 5').replace('mode', 'mod'),
  )
  const { code, out, err } = await stratum('rules', 'set', 'wrong.yaml', ...TENANT, '--json')
  t.equal(code, 1)
  t.match(JSON.parse(out), { accepted: false, code: 'VALIDATION_ERROR' })
  t.match(err, /^stratum rules set: VALIDATION_ERROR: .*\/mod is no field.*did you mean "mode".*"spent"/)
  write('other.yaml', RULE.replace('spend > 5', 'spend > 6'))
  refuses(
    t,
    await stratum('rules', 'set', 'other.yaml', ...TENANT),
    /CONFLICT: version 1 of big-spender says otherwise/,
  )
  fails(t, await stratum('rules', 'set', 'missing.yaml', ...TENANT), 1, /there is no such file/)
  refuses(t, await stratum('rules', 'remove', 'nobody', ...TENANT), /NOT_FOUND/)
})
