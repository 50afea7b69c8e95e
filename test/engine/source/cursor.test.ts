import t from 'tap'
import { LmdbLog } from '../../../engine/log/lmdb/log.ts'
import { Cursors, connectionId } from '../../../engine/source/cursor.ts'
import { object, string } from '../../../plugins/schema.ts'
import { temporaryFolder } from '../../support/folder.ts'

const spec = object({ account: string(), region: string({ default: 'eu' }), token: string({ secret: true }) })

t.test('a connection is one tenant, source and configuration', async t => {
  const id = connectionId('acme', 'crm', { account: '1', region: 'eu' }, spec)
  t.match(id, /^acme\/crm\/[0-9a-f]{12}$/)
  t.equal(connectionId('acme', 'crm', { region: 'eu', account: '1' }, spec), id, 'in any order')
  for (const other of [
    connectionId('acme', 'crm', { account: '2', region: 'eu' }, spec),
    connectionId('acme', 'other', { account: '1', region: 'eu' }, spec),
    connectionId('else', 'crm', { account: '1', region: 'eu' }, spec),
  ])
    t.not(other, id)
})

t.test('a secret that rotates does not begin the connection anew', async t => {
  const id = connectionId('acme', 'crm', { account: '1', token: 'old' }, spec)
  t.equal(connectionId('acme', 'crm', { account: '1', token: 'new' }, spec), id)
  t.equal(connectionId('acme', 'crm', { account: '1' }, spec), id)
})

t.test('cursors are of a connection and stream, and there when they are committed', async t => {
  const log = new LmdbLog(temporaryFolder(t))
  t.teardown(() => log.close())
  const cursors = new Cursors(log, 'acme/crm/1')
  t.strictSame([cursors.state('people'), cursors.phase(), cursors.runs()], [null, 'idle', 0])
  const state = [cursors.setState('people', { page: 3, seen: ['é'] }), cursors.setPhase('running', 2)]
  t.equal(cursors.state('people'), null)
  await (await log.writer('test')).commit({ state })
  t.strictSame(cursors.state('people'), { page: 3, seen: ['é'] })
  t.strictSame([cursors.phase(), cursors.runs()], ['running', 2])
  t.equal(cursors.state('deals'), null)
  t.equal(new Cursors(log, 'acme/crm/2').state('people'), null)
  t.strictSame(new Cursors(log, 'acme/crm/1').state('people'), { page: 3, seen: ['é'] })
})
