import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { exportRow, exportRows, ndjson } from '../connectors/ga4/support.ts'
import { place } from '../engine/cli/commands/place.ts'
import { temporaryFolder } from '../support/folder.ts'
import { lines as linesOf } from '../support/program.ts'
import { STACK } from './ingested.ts'
import { lines, seconds, sha256 } from './inputs.ts'
import { fill, noSmallDisk, smallDisk, takeFiles } from './small-disk.ts'

const skip = noSmallDisk(temporaryFolder(t))
const { cwd, json, stratum, start, write } = place(t)
// What waits for a disk asks again after 10 s at the latest.
t.setTimeout(600_000)

interface Case {
  /** The data directory. */
  readonly data: string
  /** Takes the room away; what it returns makes room again. */
  readonly fill: () => () => void
  /** What it says while it waits. */
  readonly waiting: RegExp
  readonly input: string | Uint8Array
  /** Events that arrive, by the second of their time. */
  readonly events: readonly number[]
}

/** Lines that say the same, until it is certain that it waits and would not have given up. */
const PATIENCE = 6

/** Reads an input while there is no room; then there is, and all of it arrives, once. */
async function pauses(t: Test, { data, fill, waiting, input, events }: Case): Promise<void> {
  const args = (path: string) => [
    'ingest',
    'ga4',
    '--set',
    `path=${path}`,
    '--tenant',
    'demo',
    '--data',
    data,
  ]
  write(`${data}-first.ndjson`, ndjson(exportRows(1)))
  write(`${data}.ndjson`, input)
  await json(...args(`${data}-first.ndjson`))
  const makeRoom = fill()
  const child = start(...args(`${data}.ndjson`), '--json')
  t.teardown(() => child.kill('SIGKILL'))
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  const said: string[] = []
  let waits = 0
  for await (const line of linesOf(child.stderr)) {
    said.push(line)
    if (waiting.test(line) && ++waits === PATIENCE) makeRoom()
  }
  t.equal(await ended, 0, 'it waited, and went on when there was room')
  t.ok(waits >= PATIENCE, 'it said so', { said })
  t.notMatch(said.join('\n'), STACK)
  const found = `SELECT (SELECT arraySort(groupArray(toUnixTimestamp(event_time))) FROM stratum.events) AS events,
    (SELECT count() FROM stratum.dead_letters WHERE stage != 'ga4') AS refused`
  t.same(await json('query', found, '--data', data), [{ events, refused: 0 }], 'everything is there once')
  t.match(JSON.parse(out), { written: events.length - 1 })
  t.match(await stratum('verify', '--exactly-once', '--data', data), { code: 0 })
}

t.test('no room for the log: it waits, and nothing is a dead letter', { skip }, async t => {
  const data = 'log'
  smallDisk(t, join(cwd, data), 'size=96m')
  await pauses(t, {
    data,
    fill: () => fill(join(cwd, data), 2 << 20),
    waiting: /Waiting: The event log could not be written .*Is the disk full\?/,
    input: ndjson(exportRows(8000)),
    events: seconds(8000),
  })
})

t.test('the run ended when the warehouse could make no more files', { skip }, async t => {
  const data = 'warehouse'
  // The log has a disk with room.
  smallDisk(t, join(cwd, data, 'chdb'), 'size=64m,nr_inodes=4000')
  await pauses(t, {
    data,
    fill: () => takeFiles(join(cwd, data, 'chdb'), 20),
    waiting: /Waiting: ClickHouse: .*No space left on device/,
    input: ndjson(exportRows(500)),
    events: seconds(500),
  })
})

t.test('the run gave up when there was no room for the bytes of a large bad row', { skip }, async t => {
  const data = 'blobs'
  smallDisk(t, join(cwd, data), 'size=96m')
  const row = Buffer.from(JSON.stringify(exportRow({}, { blob: 'x'.repeat(20 * 2 ** 20) })))
  const rows = exportRows(3)
  await pauses(t, {
    data,
    fill: () => fill(join(cwd, data), 12 << 20),
    waiting: /"connector ga4".*Waiting: A rejected row of \d+ bytes cannot be kept: ENOSPC/,
    input: lines(rows[0]!, rows[1]!, row, rows[2]!),
    events: seconds(3),
  })
  const letters = 'SELECT payload_ref, payload_bytes, payload_sha256 FROM stratum.dead_letters'
  const ref = `blobs/${sha256(row)}`
  t.same(await json('query', letters, '--data', data), [
    { payload_ref: ref, payload_bytes: row.length, payload_sha256: sha256(row) },
  ])
  t.ok(readFileSync(join(cwd, data, ref)).equals(row))
})
