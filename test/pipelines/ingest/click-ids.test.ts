import fc from 'fast-check'
import t from 'tap'
import { clickIds } from '../../../pipelines/ingest/click-ids.ts'

const ids = (location: string | null, params: Record<string, string> = {}) => ({
  ...clickIds(params, location),
})
const PAGE = 'https://shop.example/sale'

t.test('every platform marks its clicks by a parameter of the address', async t => {
  t.strictSame(ids(`${PAGE}?gclid=A-b_1&gbraid=B&wbraid=C&dclid=D&fbclid=E&ttclid=F&ScCid=G`), {
    gclid: 'A-b_1',
    gbraid: 'B',
    wbraid: 'C',
    dclid: 'D',
    fbclid: 'E',
    ttclid: 'F',
    ScCid: 'G',
  })
})

t.test('names in any letter case are kept under one; values as they are', async t => {
  t.strictSame(ids(`${PAGE}?GCLID=AbC&sccid=x%2By`), { gclid: 'AbC', ScCid: 'x+y' })
})

t.test('where there is none there is nothing', async t => {
  for (const page of [
    null,
    '',
    PAGE,
    `${PAGE}?a=b`,
    `${PAGE}?gclid=`,
    `${PAGE}/gclid=path`,
    `${PAGE}?notgclid=1`,
  ])
    t.strictSame(ids(page), {}, `${page}`)
})

t.test('the fragment is no part of the query', async t => {
  t.strictSame(ids(`${PAGE}?gclid=A#fbclid=B`), { gclid: 'A' })
  t.strictSame(ids(`${PAGE}#x?fbclid=B`), {})
})

t.test(
  'a parameter of the event goes before the address, the first of an address before the next',
  async t => {
    t.strictSame(ids(`${PAGE}?gclid=page&fbclid=page`, { gclid: 'event' }), {
      gclid: 'event',
      fbclid: 'page',
    })
    t.strictSame(ids(`${PAGE}?gclid=1&gclid=2`), { gclid: '1' })
    t.strictSame(ids(`${PAGE}?gclid=page`, { gclid: '' }), { gclid: 'page' })
    t.strictSame(ids(null, { ScCid: 'event' }), { ScCid: 'event' })
  },
)

t.test('any value comes back out of an address as it went in', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), value => {
      const query = new URLSearchParams({ utm_source: 'x', ttclid: value, z: '1' })
      return ids(`${PAGE}?${query}#top`).ttclid === value
    }),
  )
})
