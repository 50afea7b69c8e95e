import { once as event } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { GA4, place } from '../../engine/cli/commands/place.ts'
import { documents } from '../../support/program.ts'
import { kafkaMissing, startKafka } from '../../support/servers/kafka.ts'
import { runToEnd } from '../../support/servers/machine.ts'
import { java, node, python } from './languages.ts'

const TOPIC = 'stratum.sessions'
t.setTimeout(580_000)

interface Row {
  readonly partition: number
  readonly offset: number
  readonly value: Readonly<Record<string, unknown>>
}

const byPlace = (a: Row, b: Row) => a.partition - b.partition || a.offset - b.offset

const LANGUAGES = { node: node('consume'), python: python('consume'), java } as const

/** The one request of a registry's API that a reader makes. */
async function schemaRegistry(t: Test, schemas: readonly { value: { id: number; schema: unknown } }[]) {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    const id = /^\/schemas\/ids\/(\d+)$/.exec(request.url ?? '')?.[1]
    const found = schemas.find(({ value }) => value.id === Number(id))
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
    response.end(
      JSON.stringify(found ? { schema: JSON.stringify(found.value.schema) } : { error_code: 40403 }),
    )
  })
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
}

t.test(
  'consumers with no code of ours print what the engine holds',
  { skip: kafkaMissing() ?? false },
  async t => {
    t.setTimeout(570_000)
    const kafka = await startKafka()
    t.teardown(() => kafka.stop())
    const { json, rows } = place(t, { STRATUM_KAFKA__BROKERS: kafka.bootstrap, STRATUM_KAFKA__GROUPS: '2' })
    await json('ingest', ...GA4, '--tenant', 'acme')
    await json('ingest', ...GA4, '--tenant', 'globex')
    const tapped = await rows<Row>('tap', 'sessions', '--no-follow')
    const held = tapped.map(({ partition, offset, value }) => ({ partition, offset, value })).sort(byPlace)
    t.ok(held.length >= 2)
    t.same(await rows('query', 'SELECT count() AS n, uniqExact(tenant_id) AS tenants FROM sessions'), [
      { n: held.length, tenants: 2 },
    ])

    const registry = await schemaRegistry(t, await rows('tap', 'schemas', '--no-follow'))
    for (const [language, { missing, command }] of Object.entries(LANGUAGES))
      await t.test(language, { skip: missing ?? false }, async (t: Test) => {
        const [program, ...args] = await command()
        const consume = (...env: string[]) =>
          runToEnd('env', [...env, program, ...args, kafka.bootstrap, TOPIC, String(held.length)])
        t.same(documents<Row>(await consume()).sort(byPlace), held, 'schemas from the topic')
        const before = registry.asked()
        t.same(
          documents<Row>(await consume(`REGISTRY=${registry.url}`)).sort(byPlace),
          held,
          'schemas from a registry',
        )
        t.ok(registry.asked() > before)
      })
  },
)
