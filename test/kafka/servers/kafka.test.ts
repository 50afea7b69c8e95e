import { existsSync } from 'node:fs'
import t from 'tap'
import { type KafkaServer, kafkaMissing, startKafka } from '../../support/servers/kafka.ts'
import { sharedKafka } from '../../support/servers/shared-kafka.ts'
import { createTopic, send, sendPatiently, stored } from './records.ts'

const skip = kafkaMissing() ?? false

t.test('a broker', { skip }, async t => {
  const kafka = await startKafka()
  const { bootstrap } = kafka
  t.teardown(() => kafka.stop())
  await createTopic(bootstrap)

  await t.test('comes back from kill -9 with its records, at the same address', async t => {
    await send({ brokers: [bootstrap] }, 'before')
    const { pid } = kafka
    await kafka.kill()
    await t.rejects(send({ brokers: [bootstrap] }, 'down'))
    await kafka.restart()
    t.not(kafka.pid, pid)
    await sendPatiently(bootstrap, 'after')
    t.same(await stored(bootstrap), ['before', 'after'])
  })

  await t.test('answers nothing while it is paused', async t => {
    kafka.pause()
    await t.rejects(send({ brokers: [bootstrap], connectionTimeout: 300, requestTimeout: 300 }, 'paused'))
    kafka.resume()
    await sendPatiently(bootstrap, 'resumed')
    t.same(await stored(bootstrap), ['before', 'after', 'resumed'])
  })

  await t.test('leaves nothing', async t => {
    await kafka.stop()
    t.notOk(existsSync(kafka.dir))
    await t.rejects(send({ brokers: [bootstrap] }, 'stopped'))
  })
})

t.test('clients of a proxy lose the broker with it, others do not', { skip }, async t => {
  const kafka = await startKafka({ proxies: 2 })
  t.teardown(() => kafka.stop())
  await createTopic(kafka.bootstrap)
  const [first, second] = kafka.proxies
  const timeouts = { connectionTimeout: 300, requestTimeout: 300 }

  first!.cut()
  await t.rejects(send({ brokers: [first!.address], ...timeouts }, 'cut'))
  await send({ brokers: [second!.address] }, 'the other')
  first!.heal()
  await send({ brokers: [first!.address] }, 'healed')
  first!.hang()
  await t.rejects(send({ brokers: [first!.address], ...timeouts }, 'hung'))
  await send({ brokers: [kafka.bootstrap] }, 'direct')
  t.same(await stored(kafka.bootstrap), ['the other', 'healed', 'direct'])
})

t.test('a shared broker is one for the file, gone with its test', { skip }, async t => {
  let shared: KafkaServer | undefined
  await t.test('in use', async t => {
    shared = await sharedKafka(t)
    t.equal(await sharedKafka(t), shared)
    await createTopic(shared.bootstrap)
  })
  await t.rejects(send({ brokers: [shared!.bootstrap] }, 'gone'))
})
