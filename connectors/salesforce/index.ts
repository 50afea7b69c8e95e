import { connector, sliced } from '../../plugins/contract.ts'
import { ContactRecord } from '../../plugins/records/contact.ts'
import { DealRecord, DealStageRecord } from '../../plugins/records/deal.ts'
import { clientOf } from './client.ts'
import { changes, check, readOpportunities, readPeople, readStages } from './read.ts'
import { settings } from './settings.ts'

const people = (title: string, object: 'Lead' | 'Contact') =>
  sliced({
    title,
    kind: 'contact',
    schema: ContactRecord,
    primaryKey: ['contact_id'],
    cursor: changes('updated_at'),
    read: context => readPeople(object, context),
  })

const salesforce = connector({
  id: 'salesforce',
  title: 'Salesforce',
  version: '1.0.0',
  config: settings,
  client: clientOf,
  check,
  streams: {
    opportunities: sliced({
      title: 'Opportunities',
      kind: 'deal',
      schema: DealRecord,
      primaryKey: ['deal_id'],
      cursor: changes('updated_at'),
      read: readOpportunities,
    }),
    opportunity_stages: sliced({
      title: 'Stages that opportunities have entered',
      kind: 'deal_stage',
      schema: DealStageRecord,
      primaryKey: ['deal_id', 'stage', 'entered_at'],
      cursor: changes('as_of'),
      read: readStages,
    }),
    leads: people('Leads', 'Lead'),
    contacts: people('Contacts', 'Contact'),
  },
  trial: () => import('./simulator/trial.ts'),
})

export default salesforce
