import type { Trial } from '../../../plugins/contract.ts'
import { plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'
import { stageOf } from './history.ts'
import { SalesforceSimulator } from './index.ts'

const DAY_US = 86_400_000_000
const DAYS = 90
const END = Date.UTC(2026, 3, 1) * 1000

/** Salesforce for the conformance kit: some pages of everything, and every fault it can have. */
const trial: Trial = {
  async start({ seed, records = 0, now = END }) {
    const begins = now - DAYS * DAY_US
    const world = plainCrm({ seed, begins, people: 320, deals: 150, others: ['EUR', 'JPY', 'KWD'] })
    const simulator = await SalesforceSimulator.start({
      world,
      now: () => now,
      polls: 1,
      pageRows: records > 0 ? 5000 : 40,
      crowd: records,
    })
    const { store, issuer, whims } = simulator
    for (const object of ['Lead', 'Contact', 'Opportunity'] as const)
      for (const { Id } of [...store.all(object)].filter((_, i) => i % 20 === 7))
        store.remove(object, Id, now / 1000 - 3_600_000)
    return {
      config: {
        ...simulator.config(),
        instance_url: simulator.url,
        click_ids: { gclid: 'GCLID__c', ttclid: 'TTCLID__c' },
      },
      address: { setting: 'instance_url' },
      now,
      faults: {
        expireToken: () => issuer.expireAll(),
        forbid() {
          for (const object of ['Opportunity', 'OpportunityHistory', 'Lead', 'Contact'])
            whims.hidden.add(object)
        },
        repeatRows() {
          whims.repeats = true
        },
        empty() {
          whims.isEmpty = true
        },
        drift(kind) {
          whims.drift = kind
        },
        restate() {
          const at = now / 1000 - 60_000
          for (const { Id, fields } of [...store.all('Opportunity')].slice(0, 40))
            if (fields.IsDeleted !== true) store.change(Id, { ...stageOf('won'), Amount: '4711.5' }, at)
          for (const object of ['Lead', 'Contact'] as const)
            for (const { Id } of [...store.all(object)].slice(0, 20))
              store.update(object, Id, { Phone: '+1 650 555 1212' }, at)
        },
      },
      close: () => simulator.close(),
    }
  },
}

export default trial
