import t from 'tap'
import { addressPseudonym } from '../../../engine/source/raw.ts'
import { type IdentityEvent, identityEventKind } from '../../../pipelines/identity/kinds.ts'
import { personLinkKind } from '../../../pipelines/identity/person-link.ts'
import { ask, command } from '../commands.ts'
import { event, told } from '../facts.ts'
import { Row } from '../row.ts'
import { contact, crm, eventsOf, hashOf, linksOf, seen } from './facts.ts'

const open = (forgetful = false) => Row.open('tenant', 'facts', { forgetful })
const HASH = 'ab'.repeat(32)

t.test('a login joins browsers: the link is beside the sessions of each that changes', async t => {
  const row = await open()
  row.feed(seen('ben', 0, { id: 'u1' }))
  t.strictSame(row.of(personLinkKind), [], 'one person is taken for themselves')
  row.feed(seen('anna', 1, { id: 'u1' }), seen('cem', 2, { id: 'u2' }))
  t.strictSame(eventsOf(row), ['link ben external_id', 'merge anna external_id ben', 'link cem external_id'])
  t.strictSame(linksOf(row), { ben: 'anna' })
  const link = row.written.find(w => w.topic === 'persons' && w.kind === personLinkKind.name)
  t.match(link?.value, { person_key: 'ben', resolved_key: 'anna', revision: 1, tenant_id: 'demo' })
})

t.test('a click joins a contact of a CRM to whoever made it; addresses join contacts', async t => {
  const row = await open()
  row.feed(seen('anna', 0, { clicks: { gclid: 'Cj0' } }))
  row.feed(contact('1', 5, { click_ids: { gclid: 'Cj0' }, email: 'pseudonym of an e-mail' }))
  row.feed(contact('2', 6, { email: 'pseudonym of an e-mail', phone: 'pseudonym of a number' }))
  t.strictSame(eventsOf(row), [
    'link anna click_id',
    `merge ${crm('1')} click_id anna`,
    `link ${crm('1')} email`,
    `merge ${crm('2')} email ${crm('1')}`,
    `link ${crm('2')} phone`,
  ])
  t.strictSame(linksOf(row), { [crm('1')]: 'anna', [crm('2')]: 'anna' })
  t.strictSame(linksOf(row, 'persons'), {}, 'contacts have no sessions')
})

t.test('hashed addresses of events join people; what is no hash is no address', async t => {
  const row = await open()
  row.feed(
    seen('anna', 0, { params: { sha256_email_address: HASH } }),
    seen('ben', 1, { params: { em: HASH.toUpperCase() } }),
    seen('cem', 2, { params: { em: 'cem@example.org', sha256_phone_number: '(redacted)' } }),
  )
  t.strictSame(linksOf(row), { ben: 'anna' })
  t.strictSame(eventsOf(row), ['link anna email', 'merge ben email anna'])
})

t.test('an address of a CRM is that of a hash on the site, and of another CRM', async t => {
  const row = await open()
  const email = addressPseudonym('demo', 'email', HASH)
  row.feed(
    seen('anna', 0, { params: { em: HASH } }),
    contact('1', 1, { email }),
    contact('2', 1, { email, source: 'salesforce' }),
  )
  t.strictSame(linksOf(row), { [crm('1')]: 'anna', 'contact:salesforce:2': 'anna' })
})

t.test('events without a person, or with nothing new, write nothing', async t => {
  const row = await open()
  row.feed(seen('anna', 0, { id: 'u', clicks: { gclid: 'x' } }))
  const stored = row.stored
  const before = row.written.filter(w => w.topic === 'identity').length
  row.feed(
    seen('anna', 3, { id: 'u' }),
    seen('anna', 4, { clicks: { gclid: 'x' } }),
    told.event(event({ person_key: null, user_key: 'u' })),
    told.event(event({ person_key: 'zoe' })),
  )
  t.equal(row.written.filter(w => w.topic === 'identity').length, before)
  t.equal(row.stored, stored)
})

t.test('the evidence is the earliest fact, and of two tenants nobody is one', async t => {
  const row = await open()
  row.feed(
    seen('anna', 5, { id: 'u' }),
    told.event(event({ tenant_id: 'other', person_key: 'ben', user_key: 'u' })),
  )
  row.feed(told.event(event({ event_id: 'first', event_time: 7, person_key: 'anna', user_key: 'u' })))
  row.feed(seen('cem', 6, { id: 'u' }))
  t.strictSame(linksOf(row), { cem: 'anna' })
  const { key_hash } = row.of<IdentityEvent>(identityEventKind).find(e => e.tenant_id === 'other')!
  t.not(key_hash, hashOf(row, 'anna', 'external_id'), 'nor have they the same hashes')
  const answer = ask(
    row,
    command('identity.unmerge', { person_key: 'anna', key_hash: hashOf(row, 'anna', 'external_id') }),
  )
  t.match(answer, { accepted: true })
  t.match(
    row.of<IdentityEvent>(identityEventKind).filter(e => e.reason === 'cut'),
    [{ person_key: 'anna', evidence: 'first' }],
  )
})

t.test('two logins of a source keep people apart, whatever else they share', async t => {
  const row = await open()
  const shared = { params: { em: HASH } }
  row.feed(seen('anna', 0, { id: 'u1', ...shared }), seen('ben', 1, { id: 'u2', ...shared }))
  t.strictSame(linksOf(row), {})
  t.match(eventsOf(row).at(-1), 'refuse ben email anna: conflict')
  row.feed(seen('cem', 2, shared))
  t.strictSame(linksOf(row), { cem: 'anna' }, 'who has none is of who was there first')
  row.feed(seen('cem', 3, { id: 'u2' }))
  t.strictSame(linksOf(row), { cem: 'ben' }, 'until there is something stronger')
})

t.test('what a CRM no longer says is taken back', async t => {
  const row = await open()
  row.feed(seen('anna', 0, { clicks: { gclid: 'x' } }), contact('1', 5, { click_ids: { gclid: 'x' } }))
  t.strictSame(linksOf(row), { [crm('1')]: 'anna' })
  row.feed(contact('1', 3, { click_ids: { gclid: 'y' } }))
  t.strictSame(linksOf(row), { [crm('1')]: 'anna' }, 'what it said before is no news')
  row.feed(contact('1', 7, { click_ids: { gclid: 'y' } }))
  t.strictSame(linksOf(row), {})
  t.match(eventsOf(row).slice(-2), [`unmerge ${crm('1')} click_id anna: gone`, `link ${crm('1')} click_id`])
  row.feed(contact('1', 8, { click_ids: { gclid: 'x' } }), contact('1', 9, { is_deleted: true }))
  t.strictSame(linksOf(row), {}, 'nor is anybody one who is deleted')
})

t.test('the sixth e-mail is in quarantine and what it had joined is taken back, with events', async t => {
  const row = await open()
  const email = (n: number) => ({ params: { em: String(n).repeat(64) } })
  for (const n of [1, 2, 3]) row.feed(seen('anna', n, email(n)), seen('ben', 10 + n, email(n + 3)))
  row.feed(contact('1', 20, { phone: 'p' }))
  row.feed(seen('anna', 30, { params: { sha256_phone_number: HASH } }))
  t.strictSame(linksOf(row), {})
  // A kiosk's number: five e-mails are one person's, six are not.
  row.feed(seen('cem', 31, { ...email(7), ...{ params: { ...email(7).params, sha256_phone_number: HASH } } }))
  t.strictSame(linksOf(row), { cem: 'anna' })
  row.feed(seen('ben', 32, { params: { sha256_phone_number: HASH } }))
  t.strictSame(linksOf(row), {})
  t.strictSame(eventsOf(row).slice(-3), [
    'unlink anna phone: quarantine',
    'unmerge cem phone anna: quarantine',
    'refuse ben phone: quarantine',
  ])
})

t.test('a value of too many people joins nobody any more', async t => {
  const row = await open()
  t.match(ask(row, command('settings.set', { subject: 'identity', change: { people: { click_id: 3 } } })), {
    accepted: true,
  })
  const click = { clicks: { gclid: 'shared' } }
  for (const n of [1, 2, 3]) row.feed(seen(`p${n}`, n, click))
  t.strictSame(linksOf(row), { p2: 'p1', p3: 'p1' })
  row.feed(seen('p4', 4, click))
  t.strictSame(linksOf(row), {})
  t.strictSame(eventsOf(row).slice(-4), [
    'unlink p1 click_id: quarantine',
    'unmerge p2 click_id p1: quarantine',
    'unmerge p3 click_id p1: quarantine',
    'refuse p4 click_id: quarantine',
  ])
  row.feed(seen('p5', 5, click), seen('p5', 6, click))
  t.equal(eventsOf(row).filter(e => e.startsWith('refuse p5')).length, 1)
})

t.test('bad limits are refused', async t => {
  const row = await open()
  const refused = (change: unknown, message: RegExp) =>
    t.match(ask(row, command('settings.set', { subject: 'identity', change })), {
      code: 'VALIDATION_ERROR',
      message,
    })
  refused({ emails_per_person: 0 }, /\/emails_per_person/)
  refused({ people: { email: 1e9 } }, /\/people\/email/)
  refused({ fax: 1 }, /fax/)
})

t.test(
  'no identifier is written as it is: not the click, not the login, not the hash of the address',
  async t => {
    const row = await open()
    row.feed(
      seen('anna', 0, { id: 'login-of-anna', clicks: { gclid: 'click-of-anna' }, params: { em: HASH } }),
      contact('1', 1, { click_ids: { gclid: 'click-of-anna' }, email: 'pseudonym' }),
    )
    const written = JSON.stringify(
      row.written.filter(w => w.topic === 'identity' || w.kind === personLinkKind.name),
    )
    t.ok(written.length > 500)
    for (const secret of ['login-of-anna', 'click-of-anna', HASH, 'pseudonym']) t.notMatch(written, secret)
  },
)

t.test('a person keeps a hundred identifiers: old clicks that join nobody make room', async t => {
  const row = await open()
  row.feed(contact('1', 0, { click_ids: { gclid: 'c0' } }))
  for (let n = 0; n < 150; n++) row.feed(seen('anna', n, { clicks: { gclid: `c${n}` } }))
  t.strictSame(linksOf(row), { [crm('1')]: 'anna' }, 'the one that joins somebody is kept')
  t.ok(row.largest('identity') < 30_000, `${row.largest('identity')} bytes`)
  row.feed(
    contact('2', 0, { click_ids: { gclid: 'c149' } }),
    contact('3', 0, { click_ids: { gclid: 'c20' } }),
  )
  t.strictSame(linksOf(row), { [crm('1')]: 'anna', [crm('2')]: 'anna' })
})

t.test('people whom values connect are two hundred and fifty at most', async t => {
  const row = await open()
  // A chain: each shares a click with the one before.
  const link = (n: number) =>
    seen(`p${String(n).padStart(3, '0')}`, n, { clicks: { gclid: `${n}`, dclid: `${n >> 1}` } })
  const chain = Array.from({ length: 260 }, (_, n) => [
    link(n),
    seen(`p${String(n).padStart(3, '0')}`, n, { clicks: { gclid: `${n + 1}` } }),
  ])
  for (const two of chain) row.feed(...two)
  const names = Object.values(linksOf(row))
  t.equal(names.filter(name => name === 'p000').length, 249)
  t.match(eventsOf(row).join('\n'), /refuse p250 click_id: quarantine/)
})
