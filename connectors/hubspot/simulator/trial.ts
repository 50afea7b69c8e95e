import type { Trial } from '../../../plugins/contract.ts'
import { plainCrm } from '../../../plugins/simulator/world/plain-crm.ts'
import { deliveriesOf, WEBHOOK_URL } from './deliveries.ts'
import { stageOf } from './history.ts'
import { HubspotSimulator } from './index.ts'

const DAY_US = 86_400_000_000
const BEGINS = Date.UTC(2026, 0, 1) * 1000
const DAYS = 90

/** HubSpot for the conformance kit: some pages of everything, no limits, and every fault it can have. */
const trial: Trial = {
  async start({ seed, records = 0, now = BEGINS + DAYS * DAY_US }) {
    const begins = now - DAYS * DAY_US
    const world = plainCrm({ seed, begins, people: 260, deals: 230, others: ['EUR', 'JPY', 'KWD'] })
    const simulator = await HubspotSimulator.start({
      world,
      now: () => now,
      limits: null,
      indexLagMs: 0,
      crowd: records,
    })
    const { store, gate, whims, issuer } = simulator
    for (const type of ['contacts', 'deals'] as const)
      for (const { id } of [...store.all(type)].filter((_, i) => i % 20 === 7))
        store.archive(type, id, now / 1000 - 3_600_000)
    return {
      config: { ...simulator.config(), click_ids: { ttclid: 'tiktok_click_id' }, webhook_url: WEBHOOK_URL },
      address: { setting: 'base_url' },
      now,
      faults: {
        expireToken: () => issuer.expireAll(),
        forbid() {
          for (const of of ['contacts', 'deals', 'owners']) gate.lacking.add(`crm.objects.${of}.read`)
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
          for (const { id, archivedAt } of [...store.all('deals')].slice(0, 40))
            if (archivedAt === null) store.update('deals', id, { ...stageOf('won'), amount: '4711.5' }, at)
          for (const { id, archivedAt } of [...store.all('contacts')].slice(0, 40))
            if (archivedAt === null) store.update('contacts', id, { lifecyclestage: 'customer' }, at)
        },
      },
      deliveries: deliveriesOf(simulator.secret, now),
      close: () => simulator.close(),
    }
  },
}

export default trial
