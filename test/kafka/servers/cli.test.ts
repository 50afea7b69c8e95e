import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../../support/folder.ts'
import { lines, type Running, start } from '../../support/program.ts'
import { kafkaMissing } from '../../support/servers/kafka.ts'
import { createTopic, send } from './records.ts'

const skip = kafkaMissing() ?? false
const program = fileURLToPath(new URL('../../support/servers/kafka-cli.js', import.meta.url))

function broker(t: Test, folder: string): Running {
  const child = start([], { program, env: { TMPDIR: folder } })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function printed({ stdout }: Running): Promise<string> {
  for await (const line of lines(stdout)) return line
  throw new Error('it ended without an address')
}

t.test(
  'a broker of the command line prints its address and goes with Ctrl-C, data too',
  { skip },
  async t => {
    const folder = temporaryFolder(t)
    const child = broker(t, folder)
    const bootstrap = await printed(child)
    await createTopic(bootstrap)
    const exit = once(child, 'exit')
    child.kill('SIGINT')
    t.same(await exit, [0, null])
    await t.rejects(send({ brokers: [bootstrap] }, 'ended'))
    t.same(readdirSync(folder), [])
  },
)

t.test('a broker does not outlive the process that has started it, even after kill -9', { skip }, async t => {
  const child = broker(t, temporaryFolder(t))
  const bootstrap = await printed(child)
  await createTopic(bootstrap)
  child.kill('SIGKILL')
  const answers = () =>
    send({ brokers: [bootstrap] }, 'orphan').then(
      () => true,
      () => false,
    )
  while (await answers()) await wait(50)
  t.pass('it has ended')
})
