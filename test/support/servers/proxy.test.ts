import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { startProxy } from './proxy.ts'

/** A server that sends back what it gets, and a proxy before it. */
async function proxied(t: Test) {
  const server = createServer(socket => socket.on('error', () => {}).pipe(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const direct = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const proxy = await startProxy(direct)
  t.teardown(async () => {
    await proxy.stop()
    server.close()
  })
  const dial = async (address = proxy.address) => {
    const [host, port] = address.split(':')
    const socket = connect(Number(port), host).setEncoding('utf8')
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    return socket
  }
  return { proxy, server: direct, dial }
}

async function echo(socket: Socket, text: string): Promise<string> {
  let got = ''
  socket.write(text)
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    got += chunk
    if (got.length >= text.length) return got
  }
  throw new Error(`closed after ${JSON.stringify(got)}`)
}

t.test('all passes, both ways, to the end', async t => {
  const { dial } = await proxied(t)
  const socket = await dial()
  t.equal(await echo(socket, 'hello'), 'hello')
  const large = 'x'.repeat(3_000_000)
  t.equal(await echo(socket, large), large)
  socket.end()
  await once(socket, 'close')
})

t.test('a cut resets connections, new ones too, until it is healed', async t => {
  const { proxy, dial } = await proxied(t)
  const socket = await dial()
  await echo(socket, 'before')
  const reset = once(socket, 'error')
  proxy.cut()
  t.match(await reset, [{ code: 'ECONNRESET' }])
  await t.rejects(dial().then(socket => echo(socket, 'cut')))
  proxy.heal()
  t.equal(await echo(await dial(), 'after'), 'after')
})

t.test('a hang keeps connections and loses nothing, and what it kept arrives once', async t => {
  const { proxy, server, dial } = await proxied(t)
  const socket = await dial()
  await echo(socket, 'before')
  proxy.hang()
  const late = await dial()
  const all = [echo(socket, 'kept'), echo(late, 'late')]
  t.equal(await Promise.race([...all, echo(await dial(server), 'direct')]), 'direct')
  proxy.heal()
  proxy.heal()
  t.same(await Promise.all(all), ['kept', 'late'])
  t.equal(await echo(socket, 'again'), 'again')
})

t.test('a test that had cut a connection while it ended never ended itself', async t => {
  const child = fork(new URL('cut-ending.js', import.meta.url))
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000)
  t.same(await once(child, 'exit'), [0, null])
  clearTimeout(late)
})
