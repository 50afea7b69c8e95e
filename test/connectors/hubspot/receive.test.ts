import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import hubspot from '../../../connectors/hubspot/index.ts'
import { signatureV3 } from '../../../connectors/hubspot/signature.ts'
import { sourceContext } from '../../../engine/source/context.ts'

const SAMPLE = '../shared/data/hubspot/webhook_delivery_sample.json'
const missing = existsSync(SAMPLE) ? false : 'the real inputs (../shared/data) are not here'
const SENT = 1_793_657_560_000
const URL = 'https://stratum.example/webhooks/acme/crm?from=hubspot'
const config = { access_token: 'pat', client_secret: 'hush-hush', webhook_url: URL }

function receive(
  body: string,
  over: Record<string, unknown> = {},
  settings: Record<string, unknown> = config,
) {
  const timestamp = String(SENT)
  const bytes = Buffer.from(body)
  const signature = signatureV3({ method: 'POST', uri: URL, body: bytes }, 'hush-hush', timestamp)
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp }
  const delivery = { method: 'POST', url: '/webhooks/acme/crm', headers, body: bytes, ...over }
  return hubspot.receive!(delivery, sourceContext({ config: settings, clock: () => SENT * 1000 }))
}

const event = (more: object) => ({
  eventId: 1,
  subscriptionType: 'contact.propertyChange',
  objectId: 7,
  occurredAt: SENT,
  ...more,
})

t.test('a real delivery says that a sync is due', { skip: missing }, async t => {
  t.same(receive(readFileSync(SAMPLE, 'utf8')), {
    batches: [{ stream: 'contacts', records: [], rejected: [] }],
    sync: true,
  })
})

t.test('a contact that was deleted for good is handed on at once', async t => {
  const { batches } = receive(
    JSON.stringify([event({}), event({ subscriptionType: 'contact.privacyDeletion' })]),
  )
  t.match(batches[0]!.records, [{ contact_id: '7', is_deleted: true, updated_at: SENT * 1000, email: null }])
  t.equal(batches[0]!.records.length, 1)
})

t.test(
  'an event that cannot be read is rejected without what it says of a person, the others are taken',
  async t => {
    const bad = event({
      subscriptionType: undefined,
      propertyName: 'email',
      propertyValue: 'jane@doe.example',
    })
    const gone = event({ subscriptionType: 'contact.privacyDeletion' })
    const { records, rejected } = receive(JSON.stringify([bad, gone])).batches[0]!
    t.equal(records.length, 1)
    t.equal(rejected![0]!.reason, 'webhook event 1: subscriptionType is missing')
    t.notMatch(rejected![0]!.bytes!.toString(), /jane/)
    const [row] = receive('no json').batches[0]!.rejected!
    t.match(row, { reason: /subscriptionType is missing/ })
    t.equal(row!.bytes!.toString(), '{"body":"no json"}')
  },
)

t.test('what HubSpot has not sent is refused', async t => {
  const body = JSON.stringify([event({})])
  t.throws(() => receive(body, { headers: {} }), { kind: 'auth', message: /it is not signed/ })
  t.throws(() => receive(body, { method: 'PUT' }), { kind: 'auth', message: /signature is not of this/ })
  t.throws(() => receive(body, { body: Buffer.from('[]') }), { kind: 'auth', message: /signature/ })
  t.throws(() => receive(body, {}, { ...config, webhook_url: `${URL}&x=1` }), {
    kind: 'auth',
    message: /signature/,
  })
  t.throws(() => receive(body, {}, { ...config, webhook_url: undefined }), {
    kind: 'config',
    message: /^\/webhook_url/,
  })
  t.throws(() => receive(body, {}, { access_token: 'pat', webhook_url: URL }), {
    kind: 'config',
    message: /^\/client_secret/,
  })
})
