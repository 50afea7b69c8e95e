import t from 'tap'
import { connectionOf, takeState } from '../../../pipelines/connections/model.ts'
import { type SignalHealth, signalHealthKind } from '../../../pipelines/trust/signal-health.ts'
import { command } from '../commands.ts'
import { noon, report, told } from '../facts.ts'
import { Row } from '../row.ts'

t.test('a platform is connected while one of its connections is', async t => {
  t.equal(connectionOf({}), 'CONNECTED')
  t.equal(connectionOf({ a: 'EXPIRED', b: 'CONNECTED' }), 'CONNECTED')
  t.equal(connectionOf({ a: 'EXPIRED', b: 'PAUSED' }), 'PAUSED')
  t.equal(connectionOf({ a: 'WHAT' }), 'WHAT')
  const all = {}
  t.equal(takeState(all, 'meta', 'a', 'CONNECTED'), null)
  t.equal(takeState(all, 'meta', 'a', 'EXPIRED'), 'EXPIRED')
  t.equal(takeState(all, 'meta', 'b', 'CONNECTED'), 'CONNECTED')
  t.equal(takeState(all, 'meta', 'b', 'DISCONNECTED'), 'EXPIRED')
  t.equal(takeState(all, 'meta', 'a', 'DISCONNECTED'), 'DISCONNECTED')
  t.equal(takeState(all, 'google', 'a', 'EXPIRED'), 'EXPIRED')
})

const said = (state: string, at: number, more = {}) =>
  command(
    'connection.state',
    { name: 'meta-eu', source: 'meta', state },
    { role: 'SYSTEM', event_time: at, ingest_time: at, ...more },
  )

t.test('credentials that have ended shut the gate of their platform, and of no other', async t => {
  const row = await Row.open('tenant', 'facts')
  row.feed(
    told.report(report()),
    told.report(report({ source: 'google-ads', platform: 'google', event_id: 'g' })),
    said('EXPIRED', noon()),
    said('CONNECTED', noon(), { role: 'ADMIN' }),
    told.tick(noon(70)),
  )
  const caps = (platform: string) =>
    row
      .of<SignalHealth>(signalHealthKind)
      .filter(one => one.platform === platform)
      .at(-1)!.caps
  t.ok(caps('meta').includes('NOT_CONNECTED'))
  t.notOk(caps('google').includes('NOT_CONNECTED'))
  row.feed(said('CONNECTED', noon(71)), told.tick(noon(80)))
  t.notOk(caps('meta').includes('NOT_CONNECTED'))
})
