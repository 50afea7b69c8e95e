import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import t from 'tap'
import { acquire, owner } from '../../../../engine/owner/lock.ts'
import { ended, lines } from '../../../support/program.ts'
import { CSV, fails, place } from './place.ts'

const { data, write, stratum, json, start } = place(t)

t.test(
  'one line on stdout when it answers; Ctrl-C and SIGTERM stop it cleanly, and it starts again',
  async t => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const child = start('start', '--port', '0')
      const errors: string[] = []
      child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
      const closed = once(child, 'close')
      const out: string[] = []
      for await (const line of lines(child.stdout)) {
        out.push(line)
        t.match(line, /^ready http:\/\/localhost:\d+$/)
        const answer = await fetch(`${line.slice('ready '.length)}/v1/health/ready`)
        t.equal(answer.status, 200)
        await answer.text()
        t.match(owner(data), { pid: child.pid, command: 'stratum start' })
        child.kill(signal)
      }
      t.same(await closed, [0, null], signal)
      t.equal(out.length, 1)
      t.same(errors, [], 'nothing is said when nothing is wrong')
      t.equal(owner(data), null)
    }
  },
)

t.test('a port that is taken: which, and what to do; the data directory is free again', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  fails(
    t,
    await stratum('start', '--port', String(port)),
    1,
    new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken .*--port`),
  )
  server.close()
  t.equal(owner(data), null)
  t.match(await json('ingest', ...CSV, '--tenant', 'demo'), { read: 5 })
})

t.test('a data directory of another process: its id, what it is, and what to do', async t => {
  const release = await acquire(data, { command: 'stratum worker' })
  const says = new RegExp(
    `${data} is in use by process ${process.pid} \\(stratum worker, since 2\\S+\\)\\. Stop it, or .*--data DIR`,
  )
  fails(t, await stratum('start', '--port', '0'), 1, says)
  release()
})

t.test('wrong settings are named where they stand, with the nearest', async t => {
  write('wrong.yaml', 'api: { prot: 8000 }\n')
  write('broken.yaml', 'api: { port: 8000\nlog: [\n')
  const cases: [string[], number, RegExp][] = [
    [['--config', 'nope.yaml'], 1, /nope\.yaml: there is no such file/],
    [['--config', 'wrong.yaml'], 1, /wrong\.yaml: \/api\/prot is not a setting \(did you mean "port"\?\)/],
    [['--config', 'broken.yaml'], 1, /broken\.yaml line 2: /],
    [['--data', 'spend.csv'], 1, /data directory \S+spend\.csv cannot be written .*--data DIR/],
    [['--port', '70000'], 2, /at least 0 and at most 65535/],
    [['--prt', '8000'], 2, /unknown option '--prt' \(Did you mean --port\?\)/],
    [['demo'], 2, /too many arguments/],
  ]
  for (const [args, code, says] of cases) fails(t, await stratum('start', ...args), code, says)
  const { stratum: with_ } = place(t, { STRATUM_API__PRT: '8000' })
  fails(
    t,
    await with_('start'),
    1,
    /STRATUM_API__PRT is not a setting \(did you mean "STRATUM_API__PORT"\?\)/,
  )
})

t.test('stopped while it starts, it ends cleanly too', async t => {
  const child = start('start', '--port', '0')
  const result = ended(child)
  while (owner(data) === null && child.exitCode === null) await new Promise(done => setTimeout(done, 5))
  child.kill('SIGTERM')
  const { code, err } = await result
  t.ok(code === 0 || code === 143, `exit code ${code}`)
  t.notMatch(err, /\n {4}at /)
  t.equal(owner(data), null)
})
