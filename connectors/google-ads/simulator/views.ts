import type { AdFigures, AdWorld, DemographicFigures } from '../../../plugins/simulator/world/port.ts'
import { geoTargetOf } from './countries.ts'
import { minus, partOf, sumOf } from './figures.ts'
import { customerName, type Flat } from './objects.ts'
import type { AdsetNode, CampaignNode } from './tree.ts'

/** A row of a view, before days: its own resources, and what they came to on each day. */
export interface ViewUnit {
  readonly adset: AdsetNode | null
  readonly own: readonly Flat[]
  readonly on: (day: string) => AdFigures | null
}

type GroupsOn = (campaign: string, day: string) => readonly DemographicFigures[]

const AGES = ['18_24', '25_34', '35_44', '45_54', '55_64', '65_UP'] as const
const GENDERS = { female: 'FEMALE', male: 'MALE', unknown: 'UNDETERMINED' } as const

/** Criteria of ages are 503001 to 503006 and 503999, of genders 10, 11 and 20. */
const AGE_IDS: Readonly<Record<string, number>> = Object.fromEntries(AGES.map((age, i) => [age, 503_001 + i]))

const ageType = (age: string): string => {
  const type = age.replace('-', '_').replace('+', '_UP')
  return AGES.some(known => known === type) ? `AGE_RANGE_${type}` : 'AGE_RANGE_UNDETERMINED'
}

/** Asked for once a query. */
export function groupsOf(world: AdWorld, asOf: number): GroupsOn {
  const known = new Map<string, readonly DemographicFigures[]>()
  return (campaign, day) => {
    const key = `${campaign} ${day}`
    let groups = known.get(key)
    if (groups === undefined) {
      groups = world.demographics('google', campaign, day, asOf)
      known.set(key, groups)
    }
    return groups
  }
}

/** Ages by ad group: a group of people falls to a campaign's ad groups in even parts. */
export const ageUnits = (campaign: CampaignNode, groupsOn: GroupsOn): ViewUnit[] =>
  criteria(campaign, [...AGES.map(age => `AGE_RANGE_${age}`), 'AGE_RANGE_UNDETERMINED'], groupsOn, {
    typeOf: group => ageType(group.age),
    view: 'ageRangeViews',
    resource: 'age_range_view',
    field: 'age_range',
    kind: 'AGE_RANGE',
    idOf: type => AGE_IDS[type.slice(10)] ?? 503_999,
  })

export const genderUnits = (campaign: CampaignNode, groupsOn: GroupsOn): ViewUnit[] =>
  criteria(campaign, Object.values(GENDERS), groupsOn, {
    typeOf: group => GENDERS[group.gender],
    view: 'genderViews',
    resource: 'gender_view',
    field: 'gender',
    kind: 'GENDER',
    idOf: type => ({ MALE: 10, FEMALE: 11 })[type] ?? 20,
  })

interface Criterion {
  readonly typeOf: (group: DemographicFigures) => string
  readonly view: string
  readonly resource: string
  readonly field: string
  readonly kind: string
  readonly idOf: (type: string) => number
}

function criteria(
  campaign: CampaignNode,
  types: readonly string[],
  groupsOn: GroupsOn,
  { typeOf, view, resource, field, kind, idOf }: Criterion,
): ViewUnit[] {
  const { adsets, of, campaign: entity } = campaign
  return adsets.flatMap((adset, index) =>
    types.map(type => {
      const name = `${adset.adset.id}~${idOf(type)}`
      return {
        adset,
        own: [
          {
            [`${resource}.resource_name`]: `${customerName(of)}/${view}/${name}`,
            'ad_group_criterion.resource_name': `${customerName(of)}/adGroupCriteria/${name}`,
            'ad_group_criterion.criterion_id': idOf(type),
            'ad_group_criterion.type': kind,
            [`ad_group_criterion.${field}.type`]: type,
          },
        ],
        on: (day: string) => {
          const groups = groupsOn(entity.id, day).filter(group => typeOf(group) === type)
          return groups.length === 0 ? null : partOf(sumOf(groups), index, adsets.length)
        },
      }
    }),
  )
}

/** Nine tenths of a country were there, the rest showed an interest in it. */
const PRESENT = 10

/** Countries of a campaign; each in two rows, by how the place was told. @param days where they are looked for */
export function countryUnits(
  campaign: CampaignNode,
  groupsOn: GroupsOn,
  days: readonly string[],
): ViewUnit[] {
  const { id } = campaign.campaign
  const countries = new Set(days.flatMap(day => groupsOn(id, day).map(group => group.country)))
  return [...countries].flatMap(country => {
    const whole = (day: string): AdFigures | null => {
      const groups = groupsOn(id, day).filter(group => group.country === country)
      return groups.length === 0 ? null : sumOf(groups)
    }
    const interested = (day: string): AdFigures | null => {
      const figures = whole(day)
      return figures && partOf(figures, 0, PRESENT)
    }
    const present = (day: string): AdFigures | null => {
      const figures = whole(day)
      return figures && minus(figures, partOf(figures, 0, PRESENT))
    }
    return [
      countryUnit(campaign, country, 'AREA_OF_INTEREST', interested),
      countryUnit(campaign, country, 'LOCATION_OF_PRESENCE', present),
    ]
  })
}

function countryUnit({ of }: CampaignNode, country: string, type: string, on: ViewUnit['on']): ViewUnit {
  const target = geoTargetOf(country)
  return {
    adset: null,
    own: [
      {
        'geographic_view.resource_name': `${customerName(of)}/geographicViews/${target}~${type}`,
        'geographic_view.country_criterion_id': target,
        'geographic_view.location_type': type,
      },
    ],
    on,
  }
}
