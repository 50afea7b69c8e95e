import type { FastifyInstance } from 'fastify'
import { HUB_ID } from './account-routes.ts'
import { invalid, isTrue } from './answers.ts'
import { STAGES } from './history.ts'
import { MODIFIED, PROPERTIES } from './properties.ts'
import type { HubspotStore, StoredObject } from './store.ts'

type Query = Readonly<Record<string, string | string[] | undefined>>

const MOST_DEALS = 250

/**
 * Version 1 of deals, their properties and their pipelines: HubSpot keeps it beside version 3, and clients ask it
 * still (developers.hubspot.com, API reference, legacy).
 */
export function legacyRoutes(app: FastifyInstance, store: HubspotStore): void {
  app.get('/properties/v1/deals/properties', () =>
    Object.entries(PROPERTIES.deals).map(([name, type]) => ({
      name,
      label: name,
      description: '',
      groupName: 'dealinformation',
      type,
    })),
  )

  app.get('/deals/v1/pipelines', () => [
    {
      pipelineId: 'default',
      label: 'Sales',
      active: true,
      displayOrder: 0,
      staticDefault: true,
      stages: Object.entries(STAGES).map(([stage, stageId], displayOrder) => ({
        stageId,
        label: stageId,
        probability: stage === 'won' ? 1 : stage === 'lost' ? 0 : 0.5,
        active: true,
        displayOrder,
        closedWon: stage === 'won',
      })),
    },
  ])

  app.get('/deals/v1/deal/paged', ({ query }) => {
    const { limit = '100', offset = '0', ...asked } = query as Query
    if (!(Number(limit) >= 1)) throw invalid('limit is not a positive number')
    const after = Number(offset)
    const rest = [...store.all('deals')].filter(deal => deal.archivedAt === null && deal.id > after)
    const page = rest.slice(0, Math.min(Number(limit), MOST_DEALS))
    return {
      deals: page.map(deal => dealShown(deal, asked)),
      hasMore: rest.length > page.length,
      offset: page.at(-1)?.id ?? after,
    }
  })
}

function dealShown(deal: StoredObject, { properties, ...asked }: Query) {
  const names = isTrue(asked.includeAllProperties) ? Object.keys(PROPERTIES.deals) : [properties ?? []].flat()
  const found = names.flatMap(name => {
    const value = deal.properties[name]
    return value === undefined || value === null ? [] : [[name, propertyShown(deal, name, value)] as const]
  })
  return {
    portalId: HUB_ID,
    dealId: deal.id,
    isDeleted: false,
    associations: {
      associatedVids: isTrue(asked.includeAssociations) ? [...deal.links] : [],
      associatedCompanyIds: [],
      associatedDealIds: [],
    },
    properties: Object.fromEntries(found),
    imports: [],
    stateChanges: [],
  }
}

/** A value with when and whence it came. Times are epoch milliseconds, in text as a value. */
function propertyShown(deal: StoredObject, name: string, stored: string) {
  const timestamp =
    name === MODIFIED.deals ? deal.updatedAt : (deal.history.get(name)?.at(-1)?.at ?? deal.createdAt)
  const value = PROPERTIES.deals[name] === 'datetime' ? String(Date.parse(stored)) : stored
  const shown = { value, timestamp, source: 'CRM_UI', sourceId: 'userId:1' }
  return { ...shown, versions: [{ name, ...shown, sourceVid: [] }] }
}
