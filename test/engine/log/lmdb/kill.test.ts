import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { LmdbLog } from '../../../../engine/log/lmdb/log.ts'
import { readAll } from '../../../contract/event-log/subject.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { lines } from '../../../support/program.ts'
import { GROUP, PARTITIONS, recordsOf, STORE, TOPIC } from './child.ts'

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url))

/** Runs the child until it has acknowledged so many commits, kills it, and gives the last it acknowledged. */
async function killedAfter(dir: string, commits: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let last = 0
  let heard = 0
  // What it still said before it died was acknowledged, too.
  for await (const line of lines(child.stdout)) {
    last = Number(line)
    if (++heard === commits) child.kill('SIGKILL')
  }
  const [, signal] = await exited
  if (signal !== 'SIGKILL') throw new Error(`the child ended by itself after ${heard} commits`)
  return last
}

const uniform = (buffer: Buffer, byte: number) => buffer.every(b => b === byte % 256)

t.test('kill -9: acknowledged commits survive, and none is half there', async t => {
  t.setTimeout(240_000)
  const dir = temporaryFolder(t)
  let before = 0
  for (const commits of [1, 2, 7, 3, 20, 11, 1, 40]) {
    const acknowledged = await killedAfter(dir, commits)
    const log = new LmdbLog(dir)
    const last = (await log.position(GROUP, TOPIC, 0))!
    // The one after the last acknowledged may have been committed just before the end.
    t.ok(last === acknowledged || last === acknowledged + 1, `${acknowledged} acknowledged, ${last} there`)
    t.ok(last >= before + commits)
    before = last

    const units = Array.from({ length: last }, (_, i) => i + 1)
    const wanted = units.flatMap(unit => Array.from({ length: recordsOf(unit) }, (_, i) => `${unit}.${i}`))
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const records = await readAll(log, TOPIC, partition)
      t.strictSame(
        records.map(r => r.key.toString()),
        wanted,
      )
      t.strictSame(
        records.map(r => r.offset),
        wanted.map((_, i) => i),
      )
      t.ok(records.every(r => r.value!.length === 40_000 && uniform(r.value!, r.time)))
      t.equal(await log.position(GROUP, TOPIC, partition), last)
    }
    const state = log.state(STORE)
    t.equal(state.get(Buffer.from('last'))?.toString(), `${last}`)
    t.ok(units.every(unit => uniform(state.get(Buffer.from(`${unit}`))!, unit)))
    t.notOk(state.has(Buffer.from(`${last + 1}`)))
    await log.close()
  }
})
