import { once } from 'node:events'
import { createServer } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { answerHosts, hostsMissing } from './hosts.ts'
import { runToEnd } from './machine.ts'

const skip = hostsMissing() ?? false

/** Answers with what it was asked. */
async function echo(t: { teardown(work: () => unknown): void }): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    let body = ''
    for await (const chunk of incoming) body += chunk
    const { method, url, headers } = incoming
    outgoing.writeHead(201, { 'x-from': 'echo' })
    outgoing.end(JSON.stringify({ method, url, body, key: headers['x-key'] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function ask(url: string, agent: https.Agent, body = '') {
  const request = https.request(url, { method: 'POST', agent, headers: { 'x-key': '7' } }).end(body)
  const [answer] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
  let text = ''
  for await (const chunk of answer) text += chunk
  return { status: answer.statusCode, from: answer.headers['x-from'], text }
}

t.test('a host of the internet is answered here, and no other', { skip }, async t => {
  const { agent, asked } = await answerHosts(t, { 'api.example.org': await echo(t) })
  const { text, ...answer } = await ask('https://api.example.org/v1/x?a=b%20c', agent, 'größe')
  t.same(answer, { status: 201, from: 'echo' })
  t.same(JSON.parse(text), { method: 'POST', url: '/v1/x?a=b%20c', body: 'größe', key: '7' })
  await t.rejects(ask('https://other.example.org/', agent), /does not match certificate/)
  t.same(asked, ['POST api.example.org/v1/x'])
})

t.test('so it is for a child process, by its environment', { skip }, async t => {
  const { environment, asked } = await answerHosts(t, { 'api.example.org': await echo(t) })
  // What a child does by itself: a tunnel through the proxy, and TLS within it.
  const CHILD = `
    const [http, https, url] = [require('node:http'), require('node:https'), new URL(process.env.HTTPS_PROXY)]
    for (const host of ['api.example.org', 'other.example.org'])
      http.request({ port: url.port, host: url.hostname, method: 'CONNECT', path: host + ':443' })
        .on('connect', ({ statusCode }, socket) => {
          if (statusCode !== 200) return console.log(host, statusCode)
          https.get({ host, path: '/y', socket, agent: false }, answer => console.log(host, answer.resume().statusCode))
        }).end()`
  const env = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const said = await runToEnd('env', [...env, process.execPath, '-e', CHILD])
  t.same(said.trim().split('\n').sort(), ['api.example.org 201', 'other.example.org 502'])
  t.same([...asked].sort(), ['CONNECT other.example.org', 'GET api.example.org/y'])
})
