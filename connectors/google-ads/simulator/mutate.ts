import { ApiFailure, detailsOf, type Fault } from './errors.ts'
import type { ChangeEvent } from './history.ts'
import type { Flat } from './objects.ts'
import type { GoogleAdsPlatform } from './platform.ts'
import type { AccountNode } from './tree.ts'
import { refusalOf, type Service } from './writable.ts'

type Json = Readonly<Record<string, unknown>>

export interface MutateBody {
  readonly operations?: unknown
  readonly partialFailure?: unknown
  readonly validateOnly?: unknown
  readonly responseContentType?: unknown
}

interface Step {
  readonly name: string
  /** Fields by their names in queries, without the resource. */
  readonly values: Readonly<Record<string, unknown>>
  readonly flat: Flat
  readonly isRemoval: boolean
}

const MOST_OPERATIONS = 10_000

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const snake = (path: string): string => path.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
const camel = (path: string): string => path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** `campaigns:mutate` and its like: all operations or, with `partialFailure`, those that are good. @throws ApiFailure */
export function mutate(
  platform: GoogleAdsPlatform,
  node: AccountNode,
  service: Service,
  body: MutateBody,
  command: number,
  requestId: string,
): object {
  const operations = operationsOf(body)
  const steps: (Step | null)[] = []
  const faults: Fault[] = []
  for (const [index, operation] of operations.entries()) {
    const step = stepOf(platform, node, service, operation, index)
    steps.push('category' in step ? null : step)
    if ('category' in step) faults.push(step)
  }
  if (faults.length > 0 && body.partialFailure !== true) throw new ApiFailure(...faults)
  if (body.validateOnly === true)
    return faults.length === 0 ? {} : { partialFailureError: partial(faults, requestId) }
  const results = steps.map((step, index) => {
    if (step === null) return {}
    write(platform, node, service, step, command, index)
    const after = platform.written.latest(service.prefix, step.flat)
    const withBody = body.responseContentType === 'MUTABLE_RESOURCE'
    return { resourceName: step.name, ...(withBody ? { [service.key]: mutable(service, after) } : {}) }
  })
  return { ...(faults.length > 0 ? { partialFailureError: partial(faults, requestId) } : {}), results }
}

const partial = (faults: readonly Fault[], requestId: string) => ({
  code: 3,
  message: `Multiple errors in ‘details’. First error: ${faults[0]!.message}`,
  details: [detailsOf(faults, requestId)],
})

function operationsOf({ operations }: MutateBody): readonly Json[] {
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ApiFailure({
      category: 'requestError',
      code: 'REQUIRED_FIELD_MISSING',
      message: 'operations is missing.',
    })
  if (operations.length > MOST_OPERATIONS)
    throw new ApiFailure({
      category: 'requestError',
      code: 'TOO_MANY_MUTATE_OPERATIONS',
      message: 'Too many mutate operations.',
    })
  return operations.map(operation => (isObject(operation) ? operation : {}))
}

function stepOf(
  platform: GoogleAdsPlatform,
  node: AccountNode,
  service: Service,
  operation: Json,
  index: number,
): Step | Fault {
  const path = (name: string) =>
    [
      ['operations', index],
      [name, null],
    ] as const
  const fault = (category: string, code: string, message: string, at = 'update'): Fault => ({
    category,
    code,
    message,
    path: path(at),
  })
  const { update, remove, updateMask } = operation
  const name = isObject(update) ? update.resourceName : remove
  if (typeof name !== 'string')
    return fault('mutateError', 'MUTATE_NOT_ALLOWED', 'Only update and remove are simulated.', 'create')
  const original = service.find(node, name)
  if (original === null) return fault('mutateError', 'RESOURCE_NOT_FOUND', 'Resource was not found.')
  const flat = platform.written.latest(service.prefix, original)
  if (flat[`${service.prefix}.status`] === 'REMOVED')
    return fault('contextError', 'OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE', 'The resource is removed.')
  if (!isObject(update))
    return service.canBeRemoved
      ? { name, values: { status: 'REMOVED' }, flat: original, isRemoval: true }
      : fault('campaignBudgetError', 'CAMPAIGN_BUDGET_IN_USE', 'The budget is in use.', 'remove')
  if (typeof updateMask !== 'string' || updateMask === '')
    return fault(
      'fieldMaskError',
      'FIELD_MASK_MISSING',
      'The field mask must be provided for update operations.',
    )
  const values: Record<string, unknown> = {}
  for (const field of updateMask.split(',').map(part => snake(part.trim()))) {
    if (service.fields[field] === undefined)
      return fault(
        'fieldMaskError',
        'FIELD_NOT_FOUND',
        `The field mask contained an invalid field: '${field}'.`,
      )
    const value = at(update, field)
    const refused = refusalOf(service, field, value, flat, node.account.currency)
    if (refused) return fault(refused.category, refused.code, refused.message)
    const isAmount = service.fields[field] === 'bid' || service.fields[field] === 'budget'
    values[field] = isAmount ? Number(value) : value
  }
  return { name, values, flat: original, isRemoval: false }
}

function at(object: Json, field: string): unknown {
  let value: unknown = object
  for (const name of field.split('.')) value = isObject(value) ? value[camel(name)] : undefined
  return value
}

function write(
  platform: GoogleAdsPlatform,
  node: AccountNode,
  service: Service,
  { name, values, flat, isRemoval }: Step,
  command: number,
  index: number,
): void {
  const now = platform.options.now()
  const latest = platform.written.latest(service.prefix, flat)
  const [before, after]: Record<string, unknown>[] = [{}, {}]
  const fields: string[] = []
  for (const [field, value] of Object.entries(values)) {
    const old = latest[`${service.prefix}.${field}`] ?? null
    if (old === value) continue
    platform.written.set(name, field, old, value)
    // What follows from it.
    if (field === 'target_cpa_micros') platform.written.set(name, `effective_${field}`, old, value)
    put(before!, field, old)
    put(after!, field, value)
    fields.push(camel(field))
  }
  if (fields.length === 0) return
  const event: ChangeEvent = {
    at: now,
    command,
    mutate: index,
    type: service.type,
    key: service.key,
    resource: name,
    operation: isRemoval ? 'REMOVE' : 'UPDATE',
    fields: isRemoval ? [] : fields,
    before: before!,
    after: isRemoval ? {} : after!,
    client: 'GOOGLE_ADS_API',
    user: 'api@shop.example',
  }
  platform.record(node, event)
}

/** int64 as text. */
function put(object: Record<string, unknown>, field: string, value: unknown): void {
  const names = field.split('.').map(camel)
  let target = object
  for (const name of names.slice(0, -1)) {
    target[name] ??= {}
    target = target[name] as Record<string, unknown>
  }
  if (value !== null) target[names.at(-1)!] = typeof value === 'number' ? String(value) : value
}

function mutable({ prefix, fields }: Service, flat: Flat): object {
  const object: Record<string, unknown> = { resourceName: flat[`${prefix}.resource_name`] }
  for (const field of Object.keys(fields)) put(object, field, flat[`${prefix}.${field}`] ?? null)
  return object
}
