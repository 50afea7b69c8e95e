import type { ObjectType } from './store.ts'

export type PropertyType = 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool' | 'phone_number'

const COMMON: Readonly<Record<string, PropertyType>> = {
  hs_object_id: 'number',
  createdate: 'datetime',
  hubspot_owner_id: 'enumeration',
}

/** The properties that the simulated account has. Filters compare by the type; a name that is not here is refused. */
export const PROPERTIES: Readonly<Record<ObjectType, Readonly<Record<string, PropertyType>>>> = {
  contacts: {
    ...COMMON,
    lastmodifieddate: 'datetime',
    email: 'string',
    firstname: 'string',
    lastname: 'string',
    phone: 'phone_number',
    mobilephone: 'phone_number',
    lifecyclestage: 'enumeration',
    hs_analytics_source: 'enumeration',
    hs_analytics_source_data_1: 'string',
    hs_analytics_source_data_2: 'string',
    hs_google_click_id: 'string',
    hs_facebook_click_id: 'string',
    tiktok_click_id: 'string',
  },
  deals: {
    ...COMMON,
    hs_lastmodifieddate: 'datetime',
    dealname: 'string',
    amount: 'number',
    deal_currency_code: 'enumeration',
    dealstage: 'enumeration',
    pipeline: 'enumeration',
    closedate: 'datetime',
    hs_is_closed: 'bool',
    hs_is_closed_won: 'bool',
    num_associated_contacts: 'number',
  },
}

/** What is given where no properties are asked for. */
export const DEFAULTS: Readonly<Record<ObjectType, readonly string[]>> = {
  contacts: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
  deals: [
    'amount',
    'closedate',
    'createdate',
    'dealname',
    'dealstage',
    'hs_lastmodifieddate',
    'hs_object_id',
    'pipeline',
  ],
}

export const MODIFIED: Readonly<Record<ObjectType, string>> = {
  contacts: 'lastmodifieddate',
  deals: 'hs_lastmodifieddate',
}
