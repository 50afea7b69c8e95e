import t from 'tap'
import { house } from './support.ts'

/** What foreign clients ask that the connector does not; found by those of test/foreign. */
async function asked(t: Parameters<typeof house>[0]) {
  const { simulator } = await house(t, { kind: 'private', people: 30, deals: 20 })
  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${simulator.privateToken}` }
    const response = await fetch(`${simulator.url}${path}`, { headers })
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }
  return { simulator, ask, deals: [...simulator.store.all('deals')] }
}

interface Page {
  readonly deals: readonly { readonly dealId: number; readonly properties: object }[]
  readonly hasMore: boolean
  readonly offset: number
}

t.test('version 1 lists deals by pages, each value with its time', async t => {
  const { ask, deals, simulator } = await asked(t)
  const [first] = deals
  simulator.store.archive('deals', deals[1]!.id, Date.now())
  const ids: number[] = []
  for (let [offset, more] = [0, true]; more; ) {
    const { body } = await ask(`/deals/v1/deal/paged?limit=7&offset=${offset}`)
    const page = body as unknown as Page
    ids.push(...page.deals.map(({ dealId }) => dealId))
    for (const deal of page.deals) t.same(deal.properties, {}, 'none is given that was not asked for')
    offset = page.offset
    more = page.hasMore
  }
  t.same(
    ids,
    deals.filter(({ archivedAt }) => archivedAt === null).map(({ id }) => id),
    'but no archived one',
  )
  const { body } = await ask('/deals/v1/deal/paged?limit=1&properties=closedate&properties=dealstage')
  t.match((body as unknown as Page).deals[0], {
    dealId: first!.id,
    isDeleted: false,
    associations: { associatedVids: [] },
    properties: {
      closedate: { value: String(Date.parse(first!.properties.closedate!)), timestamp: first!.createdAt },
      dealstage: {
        value: first!.properties.dealstage,
        timestamp: first!.history.get('dealstage')!.at(-1)!.at,
        versions: [{ name: 'dealstage' }],
      },
    },
  })
})

t.test('a flag that Python writes, True, is one', async t => {
  const { ask, deals, simulator } = await asked(t)
  simulator.store.archive('deals', deals[0]!.id, Date.now())
  const { body } = await ask('/crm/v3/objects/deals?archived=True')
  t.match(body, { results: [{ id: String(deals[0]!.id), archived: true }] })
  t.match((await ask('/crm/v3/owners?archived=True')).body.results, [{ archived: true }])
  const linked = deals.findIndex(({ links, id }) => links.size > 0 && id !== deals[0]!.id)
  const all = await ask('/deals/v1/deal/paged?includeAllProperties=True&includeAssociations=True')
  t.match((all.body as unknown as Page).deals[linked - 1], {
    associations: { associatedVids: [...deals[linked]!.links] },
    properties: { hs_object_id: { value: String(deals[linked]!.id) } },
  })
})

t.test('what the app was never granted is refused with the scope that lacks', async t => {
  const { ask } = await asked(t)
  for (const [path, scope] of [
    ['/crm/v3/properties/tickets', 'crm.objects.tickets.read'],
    ['/crm/v3/objects/line_items', 'crm.objects.line_items.read'],
    ['/companies/v2/properties', 'crm.objects.companies.read'],
    ['/crm/v3/schemas', 'crm.schemas.custom.read'],
  ] as const)
    t.match(await ask(path), {
      status: 403,
      body: {
        category: 'MISSING_SCOPES',
        errors: [{ context: { requiredGranularScopes: [scope] } }],
        links: { scopes: 'https://developers.hubspot.com/scopes' },
      },
    })
  t.match(await ask('/crm/v3/objects/nothing'), { status: 404 })
})

t.test('a token is given under the date of its version too', async t => {
  const { simulator } = await asked(t)
  const { base_url: _, ...app } = simulator.config()
  const body = new URLSearchParams({ ...app, grant_type: 'refresh_token' } as Record<string, string>)
  const response = await fetch(`${simulator.url}/oauth/2026-03/token`, { method: 'POST', body })
  t.match(await response.json(), { token_type: 'bearer', access_token: String })
})
