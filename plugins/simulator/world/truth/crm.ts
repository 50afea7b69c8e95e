import { addDays } from '../../../sync/days.ts'
import { type Chance, chance } from '../../random.ts'
import type { CrmDeal, CrmPerson, CrmSource, CrmWorld, DealStage, PersonStage, Since } from '../crm.ts'
import { boundsOf, SECOND_US } from './calendar.ts'
import type { People } from './people.ts'
import type { Person, Visit } from './person.ts'

const OWNERS = 4
const FIRST = ['Anna', 'Ben', 'Chloé', 'Dimitri', 'Fatima', 'Jürgen', 'Siobhán', 'Łukasz']
const LAST = ['Meyer', "O'Brien", 'García', 'Nguyễn', 'Smith', 'Kowalska', 'Tanaka']
/** Share of customers who let the shop keep their address. */
const SIGN_UP_SHARE = 0.3

/**
 * What the company's CRM knows of the truth: who asked for an offer, with the deal that came of it, and some of the
 * customers. Who came later is behind who came earlier, so that a longer world begins with the shorter one.
 *
 * @param lastDay of the days on which people first came
 */
export function crmWorldOf(people: People, lastDay: string): CrmWorld {
  const { seed, firstDay, zone, currency } = people.options
  const known: CrmPerson[] = []
  const deals: CrmDeal[] = []
  for (let day = firstDay; day <= lastDay; day = addDays(day, 1))
    for (const person of people.of(day)) {
      const random = chance(seed, 'crm', person.id)
      if (person.lead !== null) {
        const deal = dealOf(random, person, known.length)
        known.push(contactOf(random, person, person.lead, stagesOf(deal)))
        deals.push(deal)
      } else if (person.orders[0] && random.next() < SIGN_UP_SHARE) {
        const { at, visit } = person.orders[0]
        known.push(contactOf(random, person, { at, visit }, [{ at, value: 'customer' }]))
      }
    }
  const owners = Array.from({ length: OWNERS }, (_, i) => ({
    email: `seller${i}@company.example`,
    firstName: FIRST[i]!,
    lastName: LAST[i]!,
    createdAt: boundsOf(firstDay, zone).from,
  }))
  return { seed, currency, owners, people: known, deals }
}

function contactOf(
  random: Chance,
  person: Person,
  { at, visit }: { readonly at: number; readonly visit: number },
  stages: readonly Since<PersonStage>[],
): CrmPerson {
  const last = person.visits[visit]!
  return {
    email: `${person.id}@customer.example`,
    phone: random.next() < 0.4 ? `+1 202 555 0${random.between(100, 199)}` : null,
    firstName: random.pick(FIRST),
    lastName: random.pick(LAST),
    createdAt: at,
    owner: random.between(0, OWNERS - 1),
    source: sourceOf(last),
    campaign: last.channel.campaign,
    clickIds: clickIdsOf(person.visits.slice(0, visit + 1)),
    stages,
  }
}

function sourceOf({ channel }: Visit): CrmSource {
  if (channel.ad !== null) return channel.ad.platform === 'google' ? 'search_ads' : 'social_ads'
  if (channel.medium === 'email') return 'email'
  return channel.medium === 'organic' ? 'search' : 'direct'
}

/** The last of each kind that somebody came with. */
function clickIdsOf(visits: readonly Visit[]): CrmPerson['clickIds'] {
  const found: { gclid?: string; fbclid?: string; ttclid?: string } = {}
  for (const { channel, clickId } of visits) {
    if (clickId === null) continue
    if (channel.ad?.platform === 'google') found.gclid = clickId
    if (channel.ad?.platform === 'meta') found.fbclid = clickId
    if (channel.ad?.platform === 'tiktok') found.ttclid = clickId
  }
  return found
}

const WAY: readonly DealStage[] = ['qualification', 'proposal', 'negotiation']

function dealOf(random: Chance, { lead, id }: Person, contact: number): CrmDeal {
  const createdAt = lead!.at
  const isWon = random.next() < 0.35
  const way = [...WAY.slice(0, isWon ? 3 : random.between(1, 3)), isWon ? 'won' : 'lost'] as const
  let at = createdAt
  const stages = way.map((value, i) => {
    if (i > 0) at += Math.floor((1 + random.next() * 7) * 86_400) * SECOND_US
    return { at, value }
  })
  const asked = random.between(20, 400) * 50_000_000
  const agreed = Math.floor((asked / 1_000_000) * (0.8 + 0.2 * random.next())) * 1_000_000
  return {
    name: `Offer ${id}`,
    people: [contact],
    owner: random.between(0, OWNERS - 1),
    currency: null,
    createdAt,
    closesAt: at,
    amounts: [{ at: createdAt, value: asked }, ...(isWon ? [{ at, value: agreed }] : [])],
    stages,
  }
}

function stagesOf({ stages }: CrmDeal): Since<PersonStage>[] {
  const steps: Readonly<Partial<Record<DealStage, PersonStage>>> = {
    qualification: 'lead',
    proposal: 'qualified',
    negotiation: 'opportunity',
    won: 'customer',
  }
  return stages.flatMap(({ at, value }) => {
    const step = steps[value]
    return step === undefined ? [] : [{ at, value: step }]
  })
}
