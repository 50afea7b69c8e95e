import fc from 'fast-check'
import t from 'tap'
import { KEY_SEPARATOR, tenantOf } from '../../../engine/log/tenant.ts'

t.test('the tenant is the first part of a key, whichever keys were asked about before', async t => {
  // Of few letters, so that tenants are often beginnings of one another.
  const part = fc.string({ unit: fc.constantFrom('a', 'b', 'ü'), maxLength: 4 })
  const keys = fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { maxLength: 30 })
  fc.assert(
    fc.property(keys, all => {
      for (const parts of all) {
        const found = tenantOf(Buffer.from(parts.join(KEY_SEPARATOR)))
        if (found !== parts[0]) throw new Error(`${JSON.stringify(parts)} is ${found}'s`)
      }
    }),
    { numRuns: 500 },
  )
  t.pass()
})

t.test('a key whose memory is written again stays the tenant it was', async t => {
  const memory = Buffer.from(`acme${KEY_SEPARATOR}ann`)
  t.equal(tenantOf(memory), 'acme')
  memory.write('demo')
  t.equal(tenantOf(memory), 'demo')
  t.equal(tenantOf(Buffer.from('acme')), 'acme')
})
