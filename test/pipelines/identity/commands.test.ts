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

t.test('an edge that was taken out came back when a CRM had lost an address and had it again', async t => {
  const row = await Row.open('tenant', 'facts')
  const [hers, none] = [{ email: 'e', click_ids: { gclid: 'x' } }, { email: null }]
  row.feed(contact('1', 0, hers), contact('7', 1, hers))
  t.strictSame(linksOf(row), { [crm('7')]: crm('1') })
  const body = (kind: string) => ({ person_key: crm('7'), key_hash: hashOf(row, crm('7'), kind) })
  const [email, click] = [body('email'), body('click_id')]
  for (const one of [email, click]) t.match(ask(row, command('identity.unmerge', one)), { accepted: true })
  t.strictSame(linksOf(row), {})
  row.feed(contact('7', 2, none))
  t.match(ask(row, command('identity.unmerge', email)), { accepted: true, message: 'as it was' })
  row.feed(contact('7', 3, hers))
  t.strictSame(linksOf(row), {})
  t.strictSame(eventsOf(row).slice(-2), [
    `refuse ${crm('7')} click_id ${crm('1')}: cut`,
    `refuse ${crm('7')} email ${crm('1')}: cut`,
  ])
  row.feed(contact('7', 4, { ...none, is_deleted: true }), contact('7', 5, { click_ids: { gclid: 'y' } }))
  t.match(ask(row, command('identity.remerge', email)), { accepted: true, message: /when it comes again/ })
  t.match(ask(row, command('identity.remerge', email)), { code: 'NOT_FOUND' }, 'nothing is kept of it')
  row.feed(contact('7', 6, hers))
  t.strictSame(linksOf(row), { [crm('7')]: crm('1') })
  t.ok(
    eventsOf(row)
      .slice(-2)
      .includes(`merge ${crm('7')} email ${crm('1')}`),
  )
  t.match(ask(row, command('identity.remerge', click)), { accepted: true }, 'the click was still out')
})

t.test('a click that was taken out is out when it comes again, though nobody else has it now', async t => {
  const row = await Row.open('tenant', 'facts')
  const clicked = (minute: number, gclid: string) => contact('7', minute, { click_ids: { gclid } })
  row.feed(clicked(1, 'x'))
  const body = { person_key: crm('7'), key_hash: hashOf(row, crm('7'), 'click_id') }
  t.match(ask(row, command('identity.unmerge', body)), { accepted: true })
  row.feed(clicked(2, 'y'), clicked(3, 'x'), seen('anna', 4, { clicks: { gclid: 'x' } }))
  t.strictSame(linksOf(row), {})
  for (let i = 0; i < 150; i++) {
    row.feed(clicked(10 + i, `${i}`))
    const key_hash = hashOf(row, crm('7'), 'click_id')
    t.match(ask(row, command('identity.unmerge', { ...body, key_hash })), { accepted: true })
  }
  t.ok(row.largest('identity') < 4_500, 'what is kept of it has an end')
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
