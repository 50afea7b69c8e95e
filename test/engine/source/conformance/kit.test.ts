import t from 'tap'
import { CHECKS } from '../../../../engine/source/conformance/conformance.ts'
import type { Source } from '../../../../engine/source/port.ts'
import { acme } from './acme/connector.ts'
import { fails, results } from './acme/fails.ts'
import { deaf, forgetful, hasty, misplaced } from './acme/misbehaving.ts'

t.setTimeout(600_000)

/** It receives nothing: `broken-receivers.test.ts` of `test/conformance` has those that do. */
const RECEIVED = ['delivered', 'signature', 'replay', 'mangled']

t.test('a well-behaved connector passes all', async t => {
  const all = await results(acme())
  t.same(
    all.map(r => r.check),
    CHECKS.map(check => check.name),
  )
  for (const { check, result, reason } of all) {
    const wanted = RECEIVED.includes(check) ? 'does not apply' : 'ok'
    t.equal(result, wanted, `${check}: ${reason}`)
  }
})

const misbehaving: readonly [string, Source, readonly string[], RegExp][] = [
  ['loses a page on resume', misplaced(acme(), 1), ['resume'], /state 3 of \d+: daily: \d+ records lost/],
  ['doubles on resume', misplaced(acme(), -1), ['resume'], /state 3 of \d+: daily: \d+ records twice/],
  ['goes back with its cursor', forgetful(acme()), ['cursor'], /ads: with nothing new there, a run read/],
  ['ignores an abort', deaf(acme()), ['abort'], /after an abort/],
  ['takes an abort for the end', hasty(acme()), ['abort'], /aborted and read on: daily: \d+ records lost/],
]

for (const [defect, source, checks, reason] of misbehaving)
  t.test(`a connector that ${defect} fails ${checks}`, t => fails(t, source, checks, reason))

t.test('a connector is held to its contract in every way it can be set up', async t => {
  const source = acme()
  const first = await source.trial!()
  const broken = { start: () => Promise.reject(new Error('there is no such way')) }
  const ways: Source = { ...source, trial: async () => ({ ...first, others: { backwards: broken } }) }
  t.match(await results(ways, { only: ['records'] }), [
    { check: 'records', result: 'ok', title: /^(?!backwards)/ },
    { check: 'records', result: 'failed', title: /^backwards: /, reason: /^backwards: .*no such way/ },
  ])
})
