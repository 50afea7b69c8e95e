import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { acquire, owner } from '../../../engine/owner/lock.ts'
import { isAlive, ownId } from '../../../engine/owner/process.ts'

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url))

function child(...args: string[]): ChildProcess {
  return spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

t.test('one owner at a time, also within a process', async t => {
  const dir = join(t.testdir(), 'data')
  t.equal(owner(dir), null)
  const release = await acquire(dir, { command: 'stratum start' })
  t.match(owner(dir), { pid: process.pid, command: 'stratum start', since: /^\d{4}-.*Z$/ })
  await t.rejects(acquire(dir), {
    code: 'DATA_DIR_IN_USE',
    message: `is in use by process ${process.pid} (stratum start, since `,
  })
  release()
  release()
  t.equal(owner(dir), null)
  const again = await acquire(dir)
  again()
  t.strictSame(readdirSync(join(dir, 'owner')), [])
})

t.test('another process has it; after kill -9 it is free', async t => {
  const dir = t.testdir()
  for (let round = 0; round < 3; round++) {
    const other = child(dir, 'hold')
    await once(other.stdout!, 'data')
    t.match(owner(dir), { pid: other.pid, command: 'stratum start' })
    await t.rejects(acquire(dir), { code: 'DATA_DIR_IN_USE', message: `process ${other.pid} (stratum start` })
    other.kill('SIGKILL')
    await once(other, 'exit')
    t.equal(owner(dir), null)
  }
  const release = await acquire(dir)
  t.equal(readdirSync(join(dir, 'owner')).length, 1, 'claims of the dead are gone')
  release()
})

t.test('a later process with the pid of a dead one is not taken for it', async t => {
  const dir = t.testdir()
  const id = ownId()
  t.ok(isAlive(id))
  if (id.start === '0') return t.comment('no /proc here: the pid alone decides')
  t.notOk(isAlive({ ...id, start: String(Number(id.start) + 1) }))
  t.notOk(isAlive({ ...id, boot: 'anotherboot0' }))
  mkdirSync(join(dir, 'owner'))
  const claim = `${id.pid}.${Number(id.start) - 1}.${id.boot}.0123456789ab`
  writeFileSync(join(dir, 'owner', claim), '{"command":"stratum start","since":"2026-01-01T00:00:00Z"}')
  t.equal(owner(dir), null)
  const release = await acquire(dir)
  release()
})

t.test('racing processes never own it together, and each gets its turn', async t => {
  const dir = t.testdir()
  const journal = join(dir, 'journal')
  const [racers, turns] = [5, 40]
  const children = Array.from({ length: racers }, () => child(dir, 'race', journal, String(turns)))
  const ends = await Promise.all(children.map(each => once(each, 'exit')))
  t.ok(ends.every(([, signal]) => signal === 'SIGKILL'))
  const lines = readFileSync(journal, 'utf8').trim().split('\n')
  t.equal(lines.length, racers * turns * 2)
  const torn = lines.filter((line, i) =>
    i % 2 === 0 ? line[0] !== '+' : line !== `-${lines[i - 1]!.slice(1)}`,
  )
  t.strictSame(torn, [])
  t.equal(owner(dir), null)
})

t.test('two in one process at the same instant: exactly one wins', async t => {
  const dir = t.testdir()
  for (let round = 0; round < 30; round++) {
    const results = await Promise.allSettled([acquire(dir), acquire(dir), acquire(dir)])
    const won = results.filter(result => result.status === 'fulfilled')
    if (won.length !== 1) t.fail(`${won.length} won`)
    for (const { value: release } of won) release()
  }
  t.equal(owner(dir), null)
})

t.test('a directory that cannot be made', async t => {
  const dir = t.testdir({ file: '' })
  await t.rejects(acquire(join(dir, 'file')), {
    code: 'CONFIG_INVALID',
    message: /cannot be written \(ENOTDIR\).*--data/,
  })
})
