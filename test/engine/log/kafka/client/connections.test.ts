import { createRequire } from 'node:module'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t from 'tap'
import type { Connection } from '../../../../../engine/log/kafka/client/connections.ts'
import { fetchCommitted } from '../../../../../engine/log/kafka/client/kafkajs.ts'
import { failure } from '../../../../support/failure.ts'

const load = createRequire(import.meta.url)
const KafkajsConnection = load('kafkajs/src/network/connection') as new (options: object) => Connection
const { logLevel, Kafka } = load('kafkajs') as typeof import('kafkajs')

/** The answer to a request: its length, its number, a body. */
function answerTo(request: Buffer, body: string): Buffer {
  const answer = Buffer.alloc(8 + body.length)
  answer.writeInt32BE(4 + body.length, 0)
  request.copy(answer, 4, 8, 12)
  answer.write(body, 8)
  return answer
}

/** A broker that does with the n-th request what it is told, and a connection to it. */
async function broker(
  t: { teardown(work: () => unknown): void },
  on: (request: Buffer, socket: Socket, call: number) => void,
) {
  let calls = 0
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', request => on(request, socket, ++calls))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const kafka = new Kafka({ brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING })
  const connection = new KafkajsConnection({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    logger: kafka.logger(),
    socketFactory: load('kafkajs/src/network/socketFactory')(),
    connectionTimeout: 1000,
    requestTimeout: 300,
  })
  t.teardown(() => connection.disconnect())
  const ask = async () => {
    if (!connection.isConnected()) await connection.connect()
    const request = fetchCommitted({ maxWaitTime: 0, minBytes: 1, maxBytes: 1, topics: [] })
    const response = { decode: async (body: Buffer) => body.toString(), parse: async (text: string) => text }
    return connection.send({ request, response })
  }
  return { ask, sockets }
}

t.test('a connection cut in the middle of an answer was never understood again', async t => {
  const { ask } = await broker(t, (request, socket, call) => {
    const answer = answerTo(request, 'x'.repeat(100))
    if (call === 1) socket.end(answer.subarray(0, 50))
    else socket.write(answerTo(request, `answer ${call}`))
  })
  t.match(await failure(ask()), { name: 'KafkaJSConnectionClosedError' })
  t.equal(await ask(), 'answer 2')
  t.equal(await ask(), 'answer 3')
})

t.test('a peer that is gone without a word was asked for ever', async t => {
  const { ask, sockets } = await broker(t, (request, socket, call) => {
    // The first connection says nothing more; whoever comes over another is answered.
    if ([...sockets][0] !== socket) socket.write(answerTo(request, `answer ${call}`))
  })
  t.match(await failure(ask()), { name: 'KafkaJSRequestTimeoutError' })
  t.equal(await ask(), 'answer 2')
  t.equal(sockets.size, 2)
})
