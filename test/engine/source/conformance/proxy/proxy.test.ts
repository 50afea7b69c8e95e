import t from 'tap'
import { always, only } from '../../../../../engine/source/conformance/proxy/fault.ts'
import { FaultProxy } from '../../../../../engine/source/conformance/proxy/proxy.ts'
import { withOrigin } from '../../../../../engine/source/conformance/proxy/rewrite.ts'
import { json, platform } from '../../../../plugins/http/platform.ts'

async function between(t: { teardown(work: () => unknown): void }) {
  const origin: { url: string } = { url: '' }
  origin.url = await platform(t as never, ({ method, url, body, headers }, response) =>
    json(response, {
      next: `${origin.url}/list?page=2`,
      escaped: `${encodeURIComponent(origin.url)}%2Fx`,
      asked: `${method} ${url} ${body} ${headers['x-own']}`,
    }),
  )
  const proxy = await FaultProxy.start(new URL(origin.url))
  t.teardown(() => proxy.close())
  return { proxy, origin: origin.url }
}

t.test('what goes through is whole, and links lead back through the proxy', async t => {
  const { proxy, origin } = await between(t)
  const options = { method: 'POST', body: 'abc', headers: { 'x-own': 'y' } }
  const response = await fetch(`${proxy.origin}/list?page=1`, options)
  const answer = (await response.json()) as Record<string, string>
  t.equal(answer.asked, 'POST /list?page=1 abc y')
  t.equal(answer.next, `${proxy.origin}/list?page=2`)
  t.equal(decodeURIComponent(answer.escaped!), `${proxy.origin}/x`)
  t.match(proxy.seen, [{ method: 'POST', path: '/list?page=1' }])
  const config = { base: `${origin}/v1`, other: `${origin}0/v1`, deep: { list: [origin] }, days: 3 }
  t.same(withOrigin(config, origin, 'http://x'), {
    base: 'http://x/v1',
    other: `${origin}0/v1`,
    deep: { list: ['http://x'] },
    days: 3,
  })
})

t.test('each fault is what it says, and only where it was ordered', async t => {
  const { proxy } = await between(t)
  const get = () => fetch(`${proxy.origin}/`)
  proxy.spoil(only(2, { kind: 'answer', status: 429, headers: { 'retry-after': '7' } }))
  t.equal((await get()).status, 200)
  const limited = await get()
  t.equal(limited.status, 429)
  t.equal(limited.headers.get('retry-after'), '7')
  t.equal((await get()).status, 200)
  proxy.spoil(always({ kind: 'drop' }))
  await t.rejects(get(), /fetch failed/)
  proxy.spoil(always({ kind: 'cut' }))
  await t.rejects(get().then(response => response.text()))
  proxy.spoil(always({ kind: 'half' }))
  const half = await (await get()).text()
  t.throws(() => JSON.parse(half))
  t.ok(half.startsWith('{"next"'))
  proxy.spoil(always({ kind: 'silent' }))
  await t.rejects(fetch(`${proxy.origin}/`, { signal: AbortSignal.timeout(100) }), { name: 'TimeoutError' })
  proxy.spoil(always({ kind: 'answer', status: 400, echo: true }))
  t.match(
    await (await fetch(`${proxy.origin}/?token=abc`, { headers: { authorization: 'Bearer x' } })).text(),
    /Bearer x.*token=abc|token=abc.*Bearer x/,
  )
  proxy.spoil(null)
  t.equal((await get()).status, 200)
})
