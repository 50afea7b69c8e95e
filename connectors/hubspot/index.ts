import { connector, sliced } from '../../plugins/contract.ts'
import { ContactRecord } from '../../plugins/records/contact.ts'
import { DealRecord, DealStageRecord } from '../../plugins/records/deal.ts'
import { full } from '../../plugins/sync/index.ts'
import { clientOf } from './client.ts'
import { OwnerRecord } from './owner.ts'
import { changes, check, type Hubspot, readContacts, readDealStages, readDeals, readOwners } from './read.ts'
import { receive } from './receive.ts'
import { settings } from './settings.ts'

const hubspot = connector({
  id: 'hubspot',
  title: 'HubSpot',
  version: '1.0.0',
  config: settings,
  client: clientOf,
  check,
  streams: {
    contacts: sliced({
      title: 'Contacts',
      kind: 'contact',
      schema: ContactRecord,
      primaryKey: ['contact_id'],
      cursor: changes('updated_at'),
      read: readContacts,
    }),
    deals: sliced({
      title: 'Deals',
      kind: 'deal',
      schema: DealRecord,
      primaryKey: ['deal_id'],
      cursor: changes('updated_at'),
      read: readDeals,
    }),
    deal_stages: sliced({
      title: 'Stages that deals have entered',
      kind: 'deal_stage',
      schema: DealStageRecord,
      primaryKey: ['deal_id', 'stage', 'entered_at'],
      cursor: changes('as_of'),
      read: readDealStages,
    }),
    owners: sliced({
      title: 'Owners',
      kind: null,
      schema: OwnerRecord,
      primaryKey: ['owner_id'],
      cursor: full<Hubspot>(),
      read: ({ client, from }) => readOwners(client, from),
    }),
  },
  receive,
  trial: () => import('./simulator/trial.ts'),
})

export default hubspot
