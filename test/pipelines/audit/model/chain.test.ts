import { hash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { canonical } from '../../../../engine/canonical.ts'
import { append, entryHash, genesis, type Head, noEntries } from '../../../../pipelines/audit/model/chain.ts'

t.test('three entries have the published hashes', async t => {
  t.equal(genesis('t1'), 'eb2b1bb2e25ebf6b946c8c8fe4b2089fa239d8670d9562db9857e59993593e0b')
  let head: Head = noEntries()
  for (let n = 0; n < 3; n++)
    head = append(head, {
      tenant: 't1',
      at: `2026-01-15T10:00:0${n}.000000Z`,
      kind: 'TEST',
      body: { n },
    }).head
  t.strictSame(head, { seq: 2, hash: 'b4635ec431d83f073fbb051d515afeca860283310c93ea81edf1417b2352a0bb' })
})

t.test('the hash is over the canonical JSON of the whole entry, whatever is in its texts', async t => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'grapheme' }),
      fc.dictionary(
        fc.string(),
        fc.oneof(
          fc.integer(),
          fc.string(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.constant(null),
        ),
      ),
      (tenant, kind, body) => {
        const { entry, head } = append(noEntries(), { tenant, at: '2026-01-15T10:00:00.000000Z', kind, body })
        t.equal(entry.prev, genesis(tenant))
        const whole = canonical({ ...entry, body: JSON.parse(entry.body) as unknown })
        t.equal(head.hash, hash('sha256', `stratum.audit.entry.v1\n${whole}`, 'hex'))
        t.equal(head.hash, entryHash(entry))
      },
    ),
  )
})

t.test('a chain of one tenant is none of another', async t => {
  const said = { at: '2026-01-15T10:00:00.000000Z', kind: 'TEST', body: {} }
  const of = (tenant: string) => append(noEntries(), { tenant, ...said }).head.hash
  t.not(of('t1'), of('t2'))
})

t.test('what JSON cannot hold is refused, and the chain stays where it was', async t => {
  const head = noEntries()
  for (const body of [Number.NaN, undefined, { a: Number.POSITIVE_INFINITY }, '\ud800'])
    t.throws(() => append(head, { tenant: 't1', at: '', kind: 'TEST', body }), RangeError)
  t.strictSame(head, noEntries())
})
