import fc from 'fast-check'
import t from 'tap'
import {
  byCursor,
  byLink,
  byOffset,
  byPage,
  http,
  type Paging,
  type Position,
} from '../../../plugins/http/index.ts'
import { context, json, platform } from './platform.ts'

const rows = Array.from({ length: 23 }, (_, i) => i)

interface Case {
  readonly paging: (url: string) => Paging
  /** The platform's page for a query. */
  readonly page: (query: URLSearchParams, url: string) => unknown
}

const CASES: Readonly<Record<string, Case>> = {
  cursor: {
    paging: () => byCursor({ param: 'after', next: body => (body.paging.next ? body.paging.after : null) }),
    page: query => {
      const at = Number(query.get('after') ?? 0)
      const more = at + 5 < rows.length
      return {
        list: rows.slice(at, at + 5),
        paging: { after: String(at + 5), ...(more ? { next: 'x' } : {}) },
      }
    },
  },
  page: {
    paging: () => byPage({ size: 5, pages: body => body.pages }),
    page: query => {
      const [page, size] = [Number(query.get('page')), Number(query.get('page_size'))]
      return { list: rows.slice((page - 1) * size, page * size), pages: Math.ceil(rows.length / size) }
    },
  },
  'page, three at once': {
    paging: () => byPage({ size: 5, inFlight: 3, pages: body => body.pages }),
    page: query => {
      const [page, size] = [Number(query.get('page')), Number(query.get('page_size'))]
      return { list: rows.slice((page - 1) * size, page * size), pages: Math.ceil(rows.length / size) }
    },
  },
  offset: {
    paging: () => byOffset({ limit: 5, rows: body => body.list, total: body => body.total }),
    page: query => {
      const at = Number(query.get('offset'))
      return { list: rows.slice(at, at + Number(query.get('limit'))), total: rows.length }
    },
  },
  'offset without a total': {
    paging: () => byOffset({ limit: 5, rows: body => body.list }),
    page: query => ({ list: rows.slice(Number(query.get('offset'))).slice(0, 5) }),
  },
  link: {
    paging: () => byLink(body => body.next_link),
    page: (query, url) => {
      const at = Number(query.get('cursor') ?? 0)
      const next = at + 5 < rows.length ? { next_link: `${url}/list?cursor=${at + 5}` } : {}
      return { list: rows.slice(at, at + 5), ...next }
    },
  },
}

for (const [name, { paging, page }] of Object.entries(CASES))
  t.test(`by ${name}: every page once, and from any page on the rest`, async t => {
    const url: string = await platform(t, (request, response) => {
      const asked = new URL(request.url!, url)
      json(response, page(asked.searchParams, url))
    })
    const client = http(context(), url)
    const read = async (from: Position | null) => {
      const found: { list: number[]; next: Position | null }[] = []
      for await (const { body, next } of client.pages<{ list: number[] }>('list', paging(url), from))
        found.push({ list: body.list, next })
      return found
    }
    const all = await read(null)
    t.same(
      all.flatMap(p => p.list),
      rows,
    )
    t.equal(all.at(-1)!.next, null)
    for (const [i, { next }] of all.slice(0, -1).entries())
      t.same(
        (await read(JSON.parse(JSON.stringify(next)))).flatMap(p => p.list),
        all.slice(i + 1).flatMap(p => p.list),
        `from ${JSON.stringify(next)}`,
      )
  })

t.test('a page that follows itself ends in an error, not in a loop', async t => {
  const url = await platform(t, (_, response) => json(response, { next: 'same' }))
  const paging = byCursor({ param: 'after', next: body => body.next })
  await t.rejects(
    async () => {
      for await (const _ of http(context(), url).pages('list', paging));
    },
    { kind: 'fatal', message: /is followed by itself/ },
  )
})

t.test('an empty list has one page, by whatever it is cut', async t => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 50 }), async size => {
      const answer = { json: () => ({ list: [], total: 0, pages: 0 }) } as never
      t.equal(byPage({ size, pages: body => body.pages }).next(answer, null), null)
      t.equal(byOffset({ limit: size, rows: body => body.list }).next(answer, null), null)
      t.equal(byOffset({ limit: size, rows: body => body.list, total: () => 9 }).next(answer, null), null)
    }),
  )
})
