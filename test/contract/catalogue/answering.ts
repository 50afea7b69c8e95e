import fc from 'fast-check'
import type { Test } from 'tap'
import { refusalOf } from '../../../engine/store/catalogue/trouble.ts'
import { addTenant, type CatalogueLab, house, NOW } from './lab.ts'

const acme = { tenant: 'acme' }

export function answering(t: Test, lab: CatalogueLab): void {
  t.test('values come back as they went in', async t => {
    const { catalogue } = await house(t, lab)
    const text = fc.string({ unit: 'grapheme' }).map(s => s.replaceAll('\0', ''))
    await fc.assert(
      fc.asyncProperty(
        fc.maxSafeInteger(),
        text,
        fc.boolean(),
        fc.uint8Array(),
        fc.array(text),
        fc.jsonValue({ noUnicodeString: true }),
        async (whole, words, yes, bytes, list, json) => {
          const [row] = await catalogue.query(
            acme,
            'SELECT $1::micros AS whole, $2::text AS words, $3::boolean AS yes, $4::bytea AS bytes, $5::text[] AS list, $6::jsonb AS json, $7::text AS none',
            [whole, words, yes, bytes, list, JSON.stringify(json), null],
          )
          const { bytes: read, ...rest } = row!
          t.same(
            { ...rest, bytes: [...(read as Buffer)] },
            {
              whole: Object.is(whole, -0) ? 0 : whole,
              words,
              yes,
              bytes: [...bytes],
              list,
              json: JSON.parse(JSON.stringify(json)),
              none: null,
            },
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  t.test('a day is text, a count a number, a number too large refused', async t => {
    const { catalogue } = await house(t, lab)
    t.same(
      await catalogue.query(acme, 'SELECT $1::date AS day, count(*) AS n FROM settings', ['2026-03-29']),
      [{ day: '2026-03-29', n: 0 }],
    )
    await t.rejects(catalogue.query(acme, 'SELECT 9007199254740993::bigint'), {
      code: 'STORE_REFUSED',
      message: /9007199254740993/,
    })
    await t.rejects(catalogue.query(acme, 'SELECT $1::micros', ['9007199254740993']), {
      code: 'STORE_REFUSED',
    })
    await t.rejects(catalogue.query(acme, 'SELECT $1::bigint', [1.5]), { code: 'STORE_REFUSED' })
  })

  t.test('a transaction counts wholly or not at all', async t => {
    const { catalogue } = await house(t, lab)
    await addTenant(catalogue, 'acme')
    const put = 'INSERT INTO settings VALUES ($1, $2, 1, $3, $4)'
    const own = new Error('its own')
    const failing = catalogue.transaction(acme, async session => {
      await session.query(put, ['acme', 'one', '{}', NOW])
      throw own
    })
    t.equal(await failing.catch(error => error), own, 'what it throws is what comes out')
    t.same(await catalogue.query(acme, 'SELECT section FROM settings'), [])

    const swallowing = catalogue.transaction(acme, async session => {
      await session.query(put, ['acme', 'one', '{}', NOW])
      await session.query('SELECT nothing FROM nowhere').catch(() => {})
      return 'fine'
    })
    await t.rejects(swallowing, { code: 'STORE_REFUSED', message: /nowhere/ }, 'a failure nobody looked at')
    t.same(await catalogue.query(acme, 'SELECT section FROM settings'), [])

    const hasty = catalogue.transaction(acme, async session => {
      session.query(put, ['acme', 'one', 'no JSON', NOW]).catch(() => {})
      return 'fine'
    })
    await t.rejects(hasty, { code: 'STORE_REFUSED' }, 'a failure nobody waited for')

    const kept = await catalogue.transaction(acme, async session => {
      await session.query(put, ['acme', 'one', '{"a": 1}', NOW])
      return session
    })
    t.same(await catalogue.query(acme, 'SELECT section, value FROM settings'), [
      { section: 'one', value: { a: 1 } },
    ])
    await t.rejects(kept.query('SELECT 1'), { code: 'STORE_REFUSED', message: /over/ })
  })

  t.test('a broken rule is named', async t => {
    const { catalogue } = await house(t, lab)
    await addTenant(catalogue, 'acme')
    const twice = await addTenant(catalogue, 'acme').catch(error => error)
    t.match(twice, { code: 'STORE_REFUSED', message: /^Catalogue: duplicate key/ })
    t.same(refusalOf(twice), { code: '23505', constraint: 'tenants_pkey' })
    t.equal(refusalOf(new Error('another')), null)
  })

  t.test('what fails at the commit is refused, not unknown', async t => {
    const { catalogue, raw } = await house(t, lab)
    await addTenant(catalogue, 'acme')
    await raw(
      'ALTER TABLE stratum.settings ALTER CONSTRAINT settings_changed_by_fkey DEFERRABLE INITIALLY DEFERRED',
    )
    const nobody = '00000000-0000-4000-8000-000000000000'
    const failing = catalogue.query(acme, "INSERT INTO settings VALUES ('acme', 'one', 1, '{}', $1, $2)", [
      NOW,
      nobody,
    ])
    const error = await failing.catch(found => found)
    t.equal(error.code, 'STORE_REFUSED')
    t.same(refusalOf(error), { code: '23503', constraint: 'settings_changed_by_fkey' })
    t.same(await catalogue.query(acme, 'SELECT * FROM settings'), [])
  })

  t.test('a transaction inside another would wait for ever where there is one connection', async t => {
    const { catalogue } = await house(t, lab)
    await t.rejects(
      catalogue.transaction(acme, () => catalogue.query(acme, 'SELECT 1')),
      { code: 'STORE_REFUSED', message: /inside/ },
    )
    t.same(await catalogue.query(acme, 'SELECT 1 AS n'), [{ n: 1 }])
  })

  t.test('nothing is answered once it is closed', async t => {
    const { open } = await house(t, lab)
    const catalogue = open()
    await catalogue.query(acme, 'SELECT 1')
    await catalogue.close()
    await catalogue.close()
    await t.rejects(catalogue.query(acme, 'SELECT 1'), { code: 'STORE_UNAVAILABLE', message: /closed/ })
  })
}
