import { check } from '../../engine/config/index.ts'
import {
  array,
  type FromSchema,
  map,
  nullable,
  number,
  object,
  optional,
  string,
} from '../../plugins/schema.ts'
import type { Subject } from '../settings/stage.ts'
import { PLATFORMS } from '../signals/platform.ts'
import type { Told } from './model/portfolio.ts'

const MOST_MONEY = 1e9
const ENTITY = '^(meta|google|tiktok|snapchat):[^:]+:[^:]+$'
const amount = (title: string) => optional(nullable(number({ minimum: 0, maximum: MOST_MONEY, title })))

/** What a tenant may say of its campaigns (allocation.md §1 to §3). Money is in major units of the account's currency. */
const AllocationSettings = object({
  follows_results: {
    ...array(string({ pattern: ENTITY }), {
      title:
        'Campaigns (meta:a1:c1) whose spend is set by their results, beside those that change histories tell of',
    }),
    default: [],
  },
  incrementality: map(number({ minimum: 0.01, maximum: 10 }), {
    title:
      'Share of reported results that ads brought, by an experiment: by platform (meta) or campaign (meta:a1:c1)',
    default: {},
  }),
  margin: nullable(
    number({ minimum: 0.001, maximum: 1, default: null, title: 'Contribution margin, 0 to 1' }),
  ),
  limits: map(object({ floor: amount('Least of a day'), ceiling: amount('Most of a day') }), {
    title: 'By campaign (meta:a1:c1)',
    default: {},
  }),
})
type AllocationSettings = FromSchema<typeof AllocationSettings>

export function checkAllocationSettings(value: unknown) {
  const { value: settings, problems } = check(AllocationSettings, value, 'the allocation settings')
  const wrong = problems.map(problem => problem.text)
  if (wrong.length > 0) return { settings: null, problems: wrong }
  const found = settings as AllocationSettings
  for (const name of Object.keys(found.incrementality))
    if (!(PLATFORMS as readonly string[]).includes(name) && !new RegExp(ENTITY).test(name))
      wrong.push(
        `/incrementality/${name} is no platform (${PLATFORMS.join(', ')}) and no campaign: meta:a1:c1`,
      )
  for (const [entity, { floor, ceiling }] of Object.entries(found.limits)) {
    if (!new RegExp(ENTITY).test(entity)) wrong.push(`/limits/${entity} is no campaign: meta:a1:c1`)
    if ((floor ?? 0) > (ceiling ?? Number.POSITIVE_INFINITY))
      wrong.push(`/limits/${entity}/floor ${floor} is above its ceiling ${ceiling}`)
  }
  return { settings: wrong.length > 0 ? null : (found as unknown as Told), problems: wrong }
}

/** @param text JSON that was checked when it was set; what is left out has its default */
export const allocationSettings = (text: string): Told => checkAllocationSettings(JSON.parse(text)).settings!

export const allocationSubject: Subject = {
  name: 'allocation',
  check: settings => checkAllocationSettings(settings).problems,
}
