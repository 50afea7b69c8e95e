import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import { ExecutorCall } from '../../../engine/execute/call.ts'
import { permitText } from '../../../engine/execute/permit.ts'
import { SigningKey } from '../../../engine/signing.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import { failure } from '../../support/failure.ts'
import { NOW, signing } from './house.ts'
import { FakePlatform, sourceOf } from './platform.ts'

const LATER = NOW + 60_000_000
const permit = {
  ...{ v: 1, tenant: 'acme', action_id: 'a1', attempt: 1, mode: 'WRITE', holder: 'h1', platform: 'meta' },
  ...{
    account_id: '1',
    level: 'campaign',
    campaign_id: '11',
    adset_id: null,
    ad_id: null,
    entity: 'meta:1:11',
  },
  ...{ type: 'BUDGET_INCREASE', field: 'budget', before: 50_000_000, after: 60_000_000, currency: 'USD' },
  ...{
    decision_id: 'd1',
    gate: { final: 'PASS', valid_until: LATER, inputs_hash: 'h' },
    settings_version: 1,
  },
  ...{ exemption: null, idempotency_key: 'k1', issued_at: NOW, lease_until: LATER, expires_at: LATER },
}
const signed = (said: unknown, key = signing) => ({
  permit: said,
  signature: key.sign(permitText(said)),
  key_id: key.keyId,
})
const judging = { verifier: signing, holder: 'h1', actionId: 'a1', now: NOW }

t.test('a call is made of a permit that is signed, of this holder, and not over', async t => {
  t.same(ExecutorCall.from(signed(permit), judging).permit, permit)
  const refuses = (more: object, judge: object, wanted: { code: string; message?: RegExp }) =>
    t.throws(() => ExecutorCall.from(signed({ ...permit, ...more }), { ...judging, ...judge }), wanted)
  const invalid = (message: RegExp) => ({ code: 'PERMIT_INVALID', message })
  refuses({}, { holder: 'h2' }, invalid(/h1's, not h2's/))
  refuses({}, { actionId: 'a2' }, invalid(/for a1, not for a2/))
  refuses({ gate: null }, {}, invalid(/no decision of a gate/))
  refuses({ gate: { final: 'BLOCK', valid_until: LATER } }, {}, invalid(/is shut/))
  refuses({ campaign_id: null }, {}, invalid(/campaign_id is missing/))
  refuses({ after: 1.5 }, {}, invalid(/after is 1.5/))
  refuses({ currency: null }, {}, invalid(/an amount has a currency/))
  refuses({ v: 2 }, {}, invalid(/v is 2/))
  const over = { code: 'PERMIT_EXPIRED' }
  refuses({}, { now: LATER }, over)
  for (const name of ['lease_until', 'expires_at']) refuses({ [name]: NOW }, {}, over)
  refuses({ gate: { final: 'PASS', valid_until: NOW } }, {}, over)
  const settle = signed({ ...permit, mode: 'SETTLE', gate: null })
  t.equal(ExecutorCall.from(settle, judging).permit.mode, 'SETTLE', 'reading takes no gate')
  const other = SigningKey.of({ keys: Buffer.alloc(32, 8).toString('base64'), dataDir: null })!
  t.throws(() => ExecutorCall.from(signed(permit, other), judging), invalid(/not signed with the key/))
})

t.test('nobody makes one without a permit', async t => {
  const Made = ExecutorCall as unknown as new (...of: unknown[]) => ExecutorCall
  t.throws(() => new Made(permit), /made of a signed permit/)
  t.throws(() => new Made(Symbol('executor call'), permit), /made of a signed permit/)
})

t.test('law: whatever is changed of a permit or its signature, nothing is written', async t => {
  const good = signed(permit)
  const names = Object.keys(permit) as (keyof typeof permit)[]
  const change = fc.oneof(
    fc.record({ name: fc.constantFrom(...names), value: fc.jsonValue() }).map(({ name, value }) => ({
      ...good,
      permit: { ...permit, [name]: value },
    })),
    fc.constantFrom(...names).map(name => {
      const { [name]: _, ...rest } = permit
      return { ...good, permit: rest }
    }),
    fc.string({ minLength: 1 }).map(name => ({ ...good, permit: { ...permit, [`${name}x`]: 1 } })),
    fc.nat(63).map(i => {
      const bytes = Buffer.from(good.signature, 'base64url')
      bytes[i]! ^= 1
      return { ...good, signature: bytes.toString('base64url') }
    }),
    fc.string().map(signature => ({ ...good, signature })),
    fc.string().map(key_id => ({ ...good, key_id })),
    fc.jsonValue().map(said => ({ ...good, permit: said })),
  )
  await fc.assert(
    fc.asyncProperty(change, async said => {
      const platform = new FakePlatform()
      try {
        if (permitText(said.permit) === permitText(permit) && said.signature === good.signature)
          if (said.key_id === good.key_id) return
        const call = ExecutorCall.from(said, judging)
        await call.carryOut(sourceOf(platform), sourceContext({ config: {} }), async () => {})
      } catch {}
      t.same(platform.ledger, [])
    }),
  )
})

t.test('a connector of an older contract, which would write without looking, is not asked', async t => {
  const platform = new FakePlatform()
  const source = sourceOf(platform)
  const old = { ...source, actions: source.actions.map(({ isGuarded: _, ...spec }) => spec) }
  const call = ExecutorCall.from(signed(permit), judging)
  const carryOut = (on: typeof source) => call.carryOut(on, sourceContext({ config: {} }), async () => {})
  t.match(await failure(carryOut(old)), { code: 'CONFIG_INVALID', message: /older contract/ })
  t.match(await failure(carryOut({ ...source, actions: [] })), {
    code: 'CONFIG_INVALID',
    message: /no action/,
  })
  t.same(platform.ledger, [])
})

t.test('nothing else of the program has a platform changed', async t => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url))
  const files = ['engine', 'plugins', 'connectors', 'pipelines', 'api', 'demo', 'dashboards'].flatMap(
    folder =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(file => join(folder, file)),
  )
  const sources = files.filter(file => file.endsWith('.ts'))
  t.ok(sources.length > 500)
  const places = sources.filter(file => /\.act\b\s*\(/.test(readFileSync(join(root, file), 'utf8')))
  t.same(places, ['engine/execute/call.ts'])
})
