import t from 'tap'
import type { GraphError } from '../../../connectors/meta/simulator/refused.ts'
import { connected, sample } from './support.ts'

const said = (code: number, subcode?: number, more: Partial<GraphError> = {}): GraphError => ({
  code,
  message: `(#${code}) said`,
  ...(subcode === undefined ? {} : { subcode }),
  ...more,
})

/** Every code of platforms.md §1.4, what it becomes, and a word of the message. */
const CASES: readonly (readonly [GraphError, { kind: string; lack?: string }, RegExp])[] = [
  ...[458, 459, 460, 463, 464, 467].map(
    subcode =>
      [said(190, subcode), { kind: 'auth', lack: 'credentials' }, /access token is refused \(/] as const,
  ),
  [said(190), { kind: 'auth', lack: 'credentials' }, /access token is refused/],
  [said(102), { kind: 'auth', lack: 'credentials' }, /session/],
  ...[1, 2].map(code => [said(code, undefined, { status: 500 }), { kind: 'retryable' }, /outage/] as const),
  [said(9999, undefined, { isTransient: true }), { kind: 'retryable' }, /outage/],
  ...[4, 17, 32, 341, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80014].map(
    code => [said(code, undefined, { status: 403 }), { kind: 'retryable' }, /rate limit/] as const,
  ),
  ...[1504022, 1504039].map(subcode => [said(4, subcode), { kind: 'retryable' }, /rate limit/] as const),
  ...[10, 200, 210, 294, 299].map(
    code =>
      [
        said(code, undefined, { status: 403 }),
        { kind: 'auth', lack: 'permission' },
        /right is missing/,
      ] as const,
  ),
  [said(100), { kind: 'fatal' }, /refuses the request/],
  [said(100, 33), { kind: 'fatal' }, /refuses the request/],
  [said(368), { kind: 'fatal' }, /policies/],
  [said(613, 1487632), { kind: 'retryable' }, /changed too often/],
  [said(100, 1885621), { kind: 'config' }, /no budget of its own/],
  [said(100, 1885272), { kind: 'config' }, /too low/],
]

t.test('every code of Meta’s becomes the error that says what to do', async t => {
  const { records, simulator } = await connected(t)
  for (const [error, wanted, words] of CASES) {
    for (let i = 0; i < 5; i++) simulator.gate.faults.push({ path: /campaigns$/, error })
    const { code, subcode } = error
    const message = new RegExp(`${words.source}.*code ${code}${subcode ? `/${subcode}` : ''}`)
    await t.rejects(records('campaigns'), { ...wanted, message }, `${code}/${subcode ?? ''}`)
    simulator.gate.faults.length = 0
  }
})

t.test('one outage costs nothing', async t => {
  const { records, simulator } = await connected(t)
  simulator.gate.faults.push({ path: /campaigns$/, error: said(2, undefined, { status: 503 }) })
  t.equal((await records('campaigns')).length, 3)
})

t.test('a throttle says how long Meta’s headers ask to wait, else how long it blocks', async t => {
  const { records, simulator } = await connected(t)
  const account = simulator.store.accounts[0]!.id
  const useCase = (minutes: number) => ({
    'x-business-use-case-usage': JSON.stringify({
      [account]: [{ type: 'ads_management', call_count: 100, estimated_time_to_regain_access: minutes }],
      999: [{ type: 'ads_management', call_count: 100, estimated_time_to_regain_access: 500 }],
    }),
  })
  const points = {
    'x-ad-account-usage': JSON.stringify({ acc_id_util_pct: 100, reset_time_duration: 170 }),
  }
  const waits = [
    [useCase(7), 7 * 60_000],
    [points, 170_000],
    [{ 'x-fb-ads-insights-throttle': '{"app_id_util_pct":100,"acc_id_util_pct":10}' }, 60_000],
    [{ 'x-business-use-case-usage': 'no json' }, 60_000],
  ] as const
  for (const [headers, retryAfterMs] of waits) {
    simulator.gate.faults.push({ path: /campaigns$/, error: said(80004), headers })
    const failure: unknown = await records('campaigns').catch((error: unknown) => error)
    t.match(failure, { kind: 'retryable', retryAfterMs, message: /rate limit/ })
  }
})

const samples = sample('error_samples.json')
const skip = samples === null ? '../shared/data is not there' : false

t.test('errors as they were seen become what they mean', { skip }, async t => {
  const { records, simulator } = await connected(t)
  const seen = async (name: string) => {
    const { error } = samples![name] as { error: Record<string, never> }
    const { code, error_subcode: subcode, message = '<text>', type, is_transient: isTransient } = error
    const given = { code, subcode, message, type, isTransient } as unknown as GraphError
    for (let i = 0; i < 5; i++) simulator.gate.faults.push({ path: /campaigns$/, error: given })
    const failure: unknown = await records('campaigns').catch((e: unknown) => e)
    simulator.gate.faults.length = 0
    const { kind, lack } = failure as { kind: string; lack?: string }
    return lack ?? kind
  }
  t.equal(await seen('expired_or_bad_token'), 'credentials')
  t.equal(await seen('event_too_old'), 'fatal')
  t.equal(await seen('purchase_without_value'), 'fatal')
  t.equal(await seen('object_missing_or_no_permission'), 'fatal')
  t.equal(await seen('user_throttled'), 'retryable')
})

t.test('a page that is no list, and rows that cannot be read, are told apart', async t => {
  const { records, batches, simulator } = await connected(t)
  simulator.whims.drift = 'missing'
  const rejected = (await batches('ad_demographics')).flatMap(batch => batch.rejected ?? [])
  t.ok(rejected.length > 0)
  t.match(rejected[0], { reason: 'age is missing', origin: /insights by age,gender of ad account \d+, \d+/ })
  simulator.whims.drift = 'retyped'
  const ads = (await batches('ads')).flatMap(batch => batch.rejected ?? [])
  t.equal(ads.length, 12, 'ids past 2^53 have lost digits as numbers')
  t.match(ads[0]!.reason, /^id: \d+ is no id$/)
  simulator.whims.drift = null
  t.equal((await records('ads')).length, 12)
})
