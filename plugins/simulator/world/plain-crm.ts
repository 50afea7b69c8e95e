import { minorDigits } from '../../money/index.ts'
import { chance } from '../random.ts'
import type { CrmDeal, CrmPerson, CrmSource, CrmWorld, DealStage, PersonStage, Since } from './crm.ts'

export interface PlainCrmOptions {
  readonly seed: number
  /** UTC microseconds. */
  readonly begins: number
  readonly days?: number
  readonly people?: number
  readonly deals?: number
  readonly owners?: number
  readonly currency?: string
  /** Currencies that deals are in beside the company's. */
  readonly others?: readonly string[]
}

const DAY_US = 86_400_000_000
const SECOND_US = 1_000_000
const FIRST = ['Anna', 'Ben', 'Chloé', 'Dimitri', 'Eşref', 'Fatima', '美咲', 'Jürgen', 'Siobhán', 'Łukasz']
const LAST = ['Meyer', "O'Brien", 'García', 'Nguyễn', 'Smith', 'Öztürk', 'Kowalska', 'Tanaka']
const SOURCES: readonly CrmSource[] = ['search_ads', 'social_ads', 'email', 'search', 'direct', 'offline']

/** A CRM whose people and deals follow from their numbers alone: a world for tests, with nothing behind it. */
export function plainCrm(options: PlainCrmOptions): CrmWorld {
  const { seed, people = 120, deals = 60, owners = 4, currency = 'USD' } = options
  return {
    seed,
    currency,
    owners: Array.from({ length: owners }, (_, i) => ({
      email: `seller${i}@company.example`,
      firstName: FIRST[i % FIRST.length]!,
      lastName: LAST[i % LAST.length]!,
      createdAt: options.begins,
    })),
    people: Array.from({ length: people }, (_, i) => person(i, options, owners)),
    deals: Array.from({ length: deals }, (_, i) => deal(i, options, owners, people)),
  }
}

function person(i: number, { seed, begins, days = 90 }: PlainCrmOptions, owners: number): CrmPerson {
  const random = chance(seed, 'person', i)
  const [firstName, lastName] = [random.pick(FIRST), random.pick(LAST)]
  const createdAt = begins + Math.floor((random.next() * days * DAY_US) / SECOND_US) * SECOND_US
  const source = random.pick(SOURCES)
  const click = () => Math.floor(random.next() * 2 ** 52).toString(36)
  const isPaid = source === 'search_ads' || source === 'social_ads'
  return {
    email: `Person.${i}@Example.com`,
    phone: random.next() < 0.5 ? `+49 30 ${100_000 + i}` : null,
    firstName,
    lastName,
    createdAt,
    owner: random.next() < 0.7 ? random.between(0, owners - 1) : null,
    source,
    campaign: isPaid || source === 'email' ? `campaign_${random.between(1, 6)}` : null,
    clickIds:
      source === 'search_ads'
        ? { gclid: `EAIaIQ-${click()}` }
        : source === 'social_ads'
          ? random.next() < 0.5
            ? { fbclid: `IwAR0_${click()}` }
            : { ttclid: `E.C.P.${click()}` }
          : {},
    stages: steps<PersonStage>(random, createdAt, ['lead', 'qualified', 'opportunity', 'customer'], 0.5, 12),
  }
}

function deal(i: number, options: PlainCrmOptions, owners: number, people: number): CrmDeal {
  const { seed, begins, days = 90, currency = 'USD', others = [] } = options
  const random = chance(seed, 'deal', i)
  const createdAt = begins + Math.floor((random.next() * days * DAY_US) / SECOND_US) * SECOND_US
  const own = others.length > 0 && random.next() < 0.4 ? random.pick(others) : null
  const unit = 10 ** (6 - minorDigits(own ?? currency))
  const amount = () => random.between(1, 5_000_000) * unit
  const someone = () => random.between(0, people - 1)
  const end: DealStage = random.next() < 0.6 ? 'won' : 'lost'
  const stages = steps<DealStage>(
    random,
    createdAt,
    ['qualification', 'proposal', 'negotiation', end],
    0.75,
    9,
  )
  // Some go back before they go on.
  const back = stages[2]
  if (back !== undefined && random.next() < 0.3)
    stages.splice(
      2,
      0,
      { at: back.at - 2 * SECOND_US, value: 'qualification' },
      { at: back.at - SECOND_US, value: 'proposal' },
    )
  const first = random.next() < 0.9 ? amount() : null
  const changed = stages.length > 1 && random.next() < 0.5 ? [{ at: stages[1]!.at, value: amount() }] : []
  return {
    name: `Deal ${i}, “${random.pick(LAST)} & ${random.pick(LAST)}”`,
    people: [...new Set(Array.from({ length: random.between(0, people > 0 ? 3 : 0) }, someone))],
    owner: random.next() < 0.8 ? random.between(0, owners - 1) : null,
    currency: own,
    createdAt,
    closesAt: createdAt + random.between(10, 60) * DAY_US,
    amounts: [{ at: createdAt, value: first }, ...changed],
    stages,
  }
}

/** One step after the other, each with a chance and some days later. */
function steps<T>(
  random: ReturnType<typeof chance>,
  from: number,
  all: readonly T[],
  goesOn: number,
  days: number,
): Since<T>[] {
  const taken: Since<T>[] = [{ at: from, value: all[0]! }]
  let at = from
  for (const value of all.slice(1)) {
    if (random.next() >= goesOn) break
    at += Math.floor((0.2 + random.next()) * days * 86_400) * SECOND_US
    taken.push({ at, value })
  }
  return taken
}
