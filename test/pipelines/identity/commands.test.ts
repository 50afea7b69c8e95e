import t from 'tap'
import { ask, command } from '../commands.ts'
import { Row } from '../row.ts'
import { contact, crm, eventsOf, hashOf, linksOf, seen } from './facts.ts'

async function joined(): Promise<Row> {
  const row = await Row.open('tenant', 'facts')
  row.feed(seen('anna', 0, { id: 'u', clicks: { gclid: 'x' } }), seen('ben', 1, { id: 'u' }))
  row.feed(contact('1', 2, { click_ids: { gclid: 'x' } }))
  t.strictSame(linksOf(row), { ben: 'anna', [crm('1')]: 'anna' })
  return row
}

t.test('an edge is taken out and put back: said once, in the words of its evidence', async t => {
  const row = await joined()
  const body = { person_key: 'ben', key_hash: hashOf(row, 'ben', 'external_id') }
  t.match(ask(row, command('identity.unmerge', body)), {
    accepted: true,
    body: { resolved_key: 'ben', ...body },
  })
  t.strictSame(linksOf(row), { [crm('1')]: 'anna' })
  t.strictSame(linksOf(row, 'persons'), {}, 'beside the sessions too')
  t.equal(eventsOf(row).at(-1), 'unmerge ben external_id anna: cut')
  t.match(ask(row, command('identity.unmerge', body)), { accepted: true, message: 'as it was' })
  t.match(ask(row, command('identity.remerge', body)), { accepted: true, body: { resolved_key: 'anna' } })
  t.equal(eventsOf(row).at(-1), 'merge ben external_id anna')
})

t.test('a value is blocked and let in again', async t => {
  const row = await joined()
  const body = { key_hash: hashOf(row, 'anna', 'click_id') }
  t.match(ask(row, command('identity.block', body)), { accepted: true, body: { blocked: true, people: 2 } })
  t.strictSame(linksOf(row), { ben: 'anna' })
  row.feed(seen('cem', 9, { clicks: { gclid: 'x' } }))
  t.strictSame(linksOf(row), { ben: 'anna' })
  t.equal(eventsOf(row).at(-1), 'refuse cem click_id: block')
  t.match(ask(row, command('identity.unblock', body)), { accepted: true })
  t.strictSame(linksOf(row), { ben: 'anna', cem: 'anna', [crm('1')]: 'anna' })
  t.match(ask(row, command('identity.unblock', body)), { accepted: true, message: 'as it was' })
})

t.test('who may not, and what is not there, is refused with its code', async t => {
  const row = await joined()
  const refused = (name: string, body: unknown, code: string, message: RegExp, role = 'ADMIN') =>
    t.match(ask(row, command(`identity.${name}`, body, { role })), { accepted: false, code, message })
  const key_hash = hashOf(row, 'ben', 'external_id')
  refused('unmerge', { person_key: 'ben', key_hash }, 'FORBIDDEN', /takes ADMIN; anna is MANAGER/, 'MANAGER')
  refused('block', { key_hash }, 'FORBIDDEN', /takes ADMIN/, 'SUPERADMIN')
  refused('block', { key_hash: 'anna@example.org' }, 'VALIDATION_ERROR', /32 digits in hex/)
  refused('block', 'no JSON', 'VALIDATION_ERROR', /32 digits/)
  refused('unmerge', { person_key: 'zoe', key_hash }, 'NOT_FOUND', /not known by that identifier/)
  refused('unmerge', { key_hash }, 'NOT_FOUND', /not known/)
  t.strictSame(linksOf(row), { ben: 'anna', [crm('1')]: 'anna' })
})
