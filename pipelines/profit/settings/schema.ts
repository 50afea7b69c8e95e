import { array, type FromSchema, integer, nullable, number, object, string } from '../../../plugins/schema.ts'
import { SCOPES } from '../model/costs.ts'

const DAY = '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$'
const MOST = 9e15

const span = {
  from: string({ pattern: DAY, default: '2000-01-01', title: 'The first day on which it holds' }),
  to: nullable(string({ pattern: DAY, default: null, title: 'The first day on which it does not' })),
}
const micros = (title: string) => nullable(integer({ minimum: 0, maximum: MOST, default: null, title }))
const fraction = (title: string) => nullable(number({ minimum: 0, maximum: 1, default: null, title }))

/** What a tenant's sales cost. Money is micros of `currency`: sales in another have no known costs. */
export const CostSettingsSchema = object(
  {
    currency: nullable(
      string({ pattern: '^[A-Z]{3}$', default: null, title: 'Of all amounts here (ISO 4217)' }),
    ),
    costs: array(
      object({
        scope: string({ enum: SCOPES }),
        key: nullable(
          string({ default: null, title: 'Product, category or platform (where it was sold: a connector)' }),
        ),
        ...span,
        cogs_micros: micros('Of a unit'),
        margin_type: nullable(string({ enum: ['PERCENTAGE', 'FIXED'], default: null })),
        margin_value: nullable(
          number({ default: null, title: 'Fraction of the revenue, or micros of a unit' }),
        ),
        shipping_micros: micros('Of a unit'),
        platform_fee_pct: fraction('Fraction of the revenue'),
        payment_fee_pct: fraction('Fraction of the revenue'),
        return_rate: fraction('Fraction of the units that come back'),
        return_cost_micros: micros('Of a unit that comes back'),
      }),
    ),
    fixed: array(object({ ...span, monthly_micros: integer({ minimum: 0, maximum: MOST }) })),
  },
  { title: 'Costs' },
)

export type CostSettings = FromSchema<typeof CostSettingsSchema>
