import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { fixedClock, systemClock } from '../../../engine/clock/clock.ts'
import { isoTime } from '../../../engine/clock/iso.ts'
import { tickKind } from '../../../engine/clock/tick.ts'
import { Codec } from '../../../engine/codec/codec.ts'
import { EmbeddedRegistry } from '../../../engine/codec/registry/embedded.ts'

t.test('an instant has all six digits, also before 1970', async t => {
  const cases: [number, string][] = [
    [0, '1970-01-01T00:00:00.000000Z'],
    [1, '1970-01-01T00:00:00.000001Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
    [1_768_478_400_000_001, '2026-01-15T12:00:00.000001Z'],
    [1_768_478_400_120_000, '2026-01-15T12:00:00.120000Z'],
    [-62_167_219_200_000_000, '0000-01-01T00:00:00.000000Z'],
  ]
  for (const [micros, text] of cases) t.equal(isoTime(micros), text)
})

t.test('instants sort as their texts do, and none loses a microsecond', async t => {
  const instant = fc.integer({ min: -62_167_219_200_000_000 / 10, max: 2 ** 52 })
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      const [x, y] = [isoTime(a), isoTime(b)]
      assert.match(x, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      assert.equal(Date.parse(`${x.slice(0, -4)}Z`) * 1000 + Number(x.slice(-4, -1)), a)
      assert.equal(x < y, a < b)
    }),
  )
  t.pass('for any instants')
})

t.test('a fixed clock stands still and says where; the other is in microseconds', async t => {
  const clock = fixedClock('2026-01-15T12:00:00.5Z')
  t.strictSame([clock(), clock(), clock.fixed], [1_768_478_400_500_000, 1_768_478_400_500_000, clock()])
  t.equal(isoTime(fixedClock('2026-01-15T14:00:00+02:00')()), '2026-01-15T12:00:00.000000Z')
  const before = Date.now() * 1000
  const now = systemClock()
  t.ok(now >= before && now <= Date.now() * 1000 && Number.isSafeInteger(now))
  t.equal(systemClock.fixed, undefined)
})

t.test('a tick is a record like all others', async t => {
  const codec = new Codec(EmbeddedRegistry.inMemory())
  await codec.register(tickKind)
  const tick = {
    tenant_id: 'demo',
    event_id: 'e',
    event_time: 5,
    ingest_time: 6,
    watermark: -7,
    final: true,
  }
  const { kind, value } = codec.reader().decode(codec.encode(tickKind, tick))
  t.equal(kind, 'tick')
  t.strictSame({ ...value }, tick)
})
