import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { rowsOf } from '../../../connectors/salesforce/csv.ts'
import { opportunityOf } from '../../../connectors/salesforce/opportunity.ts'
import { personOf } from '../../../connectors/salesforce/person.ts'
import { NO_ROLES } from '../../../connectors/salesforce/roles.ts'
import { csvOf } from '../../../connectors/salesforce/simulator/answers.ts'
import { amountText } from '../../../connectors/salesforce/simulator/history.ts'
import { entries } from '../../../connectors/salesforce/stage.ts'
import { minorDigits } from '../../../plugins/money/index.ts'
import { money, phone, time } from '../../../plugins/rows/index.ts'

const FILES = '../shared/data/salesforce'
const missing = existsSync(FILES) ? false : 'the real inputs (../shared/data) are not here'

t.test('a real file with line ends within quotes is read row by row', { skip: missing }, async t => {
  const rows = rowsOf(readFileSync(`${FILES}/Account_bulk2_test.csv`, 'utf8'))
  t.ok(rows.length > 50, `${rows.length} rows`)
  for (const row of rows) t.equal(Object.keys(row).length, 30)
  const [first] = rows
  t.equal(first!.BILLINGSTREET, '345 Shoreline Park\nMountain View, CA 94043\nUSA')
  t.equal(money(first!, 'ANNUALREVENUE', 'USD'), 30_000_000_000_000, '3.00E+07')
  t.equal(phone(first!, 'PHONE'), '6508673450')
  t.ok(
    rows.every((row, i) => row.NAME === `Bulk Account from CSV (bulk2) - #${i + 1}`),
    'none is lost or split',
  )
})

t.test('the times of a real job', { skip: missing }, async t => {
  const { response } = JSON.parse(readFileSync(`${FILES}/bulk2_query_job_sample.json`, 'utf8'))
  t.equal(time(response, 'createdDate'), Date.UTC(2022, 0, 2, 17, 38, 59) * 1000)
})

t.test('whatever texts are in it, CSV comes back as it was written', async t => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          a: fc.string({ unit: 'grapheme' }),
          b: fc.constantFrom('', '"', '\n', '\r\n', ',', '""\n"'),
        }),
      ),
      rows => {
        t.same(
          rowsOf(csvOf(['a', 'b'], rows)).map(row => ({ ...row })),
          rows.map(row => ({ ...row })),
        )
      },
    ),
    { numRuns: 200 },
  )
})

const ROW = {
  Id: '0065f00000EXAMPLEAA',
  Name: 'Renewal, jane@doe.example',
  StageName: 'Closed Won',
  Amount: '1500.5',
  CurrencyIsoCode: 'KWD',
  CloseDate: '2026-02-01',
  CreatedDate: '2026-01-05T10:00:00.000Z',
  SystemModstamp: '2026-02-02T00:00:00.000+0000',
  IsClosed: 'true',
  IsWon: 'true',
  OwnerId: '0055f',
  IsDeleted: 'false',
}

t.test('an opportunity', async t => {
  t.same(opportunityOf(ROW, { contacts: ['003a'], changedAt: 0 }, 'USD'), {
    deal_id: '0065f00000EXAMPLEAA',
    name: 'Renewal, (redacted)',
    pipeline: null,
    stage: 'Closed Won',
    amount_micros: 1_500_500_000,
    currency: 'KWD',
    created_at: Date.UTC(2026, 0, 5, 10) * 1000,
    closed_at: Date.UTC(2026, 1, 1) * 1000,
    updated_at: Date.UTC(2026, 1, 2) * 1000,
    is_closed: true,
    is_won: true,
    owner_id: '0055f',
    contact_ids: ['003a'],
    is_deleted: false,
  })
  t.throws(() => opportunityOf({ ...ROW, Amount: 'n/a' }, NO_ROLES, 'USD'), {
    name: 'RowError',
    message: /^Amount: /,
  })
  t.throws(() => opportunityOf({ ...ROW, CurrencyIsoCode: '' }, NO_ROLES, null), { message: /no currency/ })
  t.throws(() => opportunityOf({ ...ROW, SystemModstamp: '' }, NO_ROLES, null), { name: 'RowError' })
})

t.test('a lead', async t => {
  const row = {
    ...ROW,
    Email: ' A@B.Example',
    Phone: '',
    MobilePhone: '+49 170 1234567',
    Status: 'Open',
    GCLID__c: 'EAIaIQ',
  }
  t.match(
    personOf({ ...row, LeadSource: 'Web', IsDeleted: 'true' }, { gclid: 'GCLID__c', fbclid: 'FB__c' }),
    {
      email: 'a@b.example',
      phone: '+491701234567',
      stage: 'Open',
      lead_source: 'Web',
      click_ids: { gclid: 'EAIaIQ' },
      is_deleted: true,
    },
  )
})

t.test('an amount of any currency is read to the micro: 0, 2 and 3 decimals', async t => {
  fc.assert(
    fc.property(
      fc.constantFrom('JPY', 'KRW', 'USD', 'EUR', 'KWD', 'TND', 'BHD'),
      fc.bigInt({ min: -9_000_000_000n, max: 9_000_000_000n }),
      (currency, minor) => {
        const micros = Number((minor < 0n ? -minor : minor) * 10n ** BigInt(6 - minorDigits(currency)))
        const sign = minor < 0n ? '-' : ''
        const row = { ...ROW, CurrencyIsoCode: currency, Amount: sign + amountText(micros) }
        t.equal(opportunityOf(row, NO_ROLES, null).amount_micros, minor < 0n ? -micros : micros)
      },
    ),
    { numRuns: 300 },
  )
})

t.test('a row of the same stage is no entry, also where a page ends in between', async t => {
  const row = (deal_id: string, stage: string, entered_at: number) => ({
    deal_id,
    stage,
    entered_at,
    as_of: 0,
  })
  const rows = [
    row('a', 'x', 1),
    row('a', 'x', 2),
    row('a', 'y', 3),
    row('a', 'x', 4),
    row('b', 'x', 1),
    row('b', 'x', 2),
  ]
  const wanted = [rows[0], rows[2], rows[3], rows[4]]
  for (let cut = 0; cut <= rows.length; cut++) {
    const first = entries(rows.slice(0, cut), null)
    const second = entries(rows.slice(cut), first.last)
    t.same([...first.records, ...second.records], wanted, `cut at ${cut}`)
  }
})
