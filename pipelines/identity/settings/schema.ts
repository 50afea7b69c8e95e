import { type FromSchema, integer, object } from '../../../plugins/schema.ts'

const most = (count: number, title: string) => integer({ minimum: 1, maximum: 200, default: count, title })

/** Limits of a tenant's identity graph. E-mails and phones of a person: product.md §4.10; people by a value: our own. */
export const IdentitySettingsSchema = object(
  {
    emails_per_person: most(
      5,
      'E-mails of one person; with one more the value that brings it is in quarantine',
    ),
    phones_per_person: most(10, 'Telephone numbers of one person, likewise'),
    people: object(
      {
        external_id: most(200, 'Browsers and devices that log in by one id'),
        click_id: most(10, 'Of one click: more is a link that was passed on'),
        email: most(20, 'Of one e-mail'),
        phone: most(20, 'Of one telephone number'),
      },
      { default: {}, title: 'People by one value; with one more it is in quarantine for good' },
    ),
  },
  { title: 'Identity' },
)

export type IdentitySettings = FromSchema<typeof IdentitySettingsSchema>
