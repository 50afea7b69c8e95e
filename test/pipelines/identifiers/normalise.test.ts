import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { answerLine } from '../../../pipelines/identifiers/model/answer.ts'
import { countryCode } from '../../../pipelines/identifiers/model/country.ts'
import {
  DESTINATIONS,
  type Destination,
  PERSONAL_FIELDS,
} from '../../../pipelines/identifiers/model/identifier.ts'
import { normalise } from '../../../pipelines/identifiers/model/normalise.ts'

/** Destination, field, input, country, normalised, SHA-256 as the platforms' documents and tests have them. */
const PUBLISHED = [
  [
    'meta',
    'email',
    'John_Smith@gmail.com',
    '',
    'john_smith@gmail.com',
    '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f',
  ],
  [
    'meta',
    'phone',
    '(650)555-1212',
    'US',
    '16505551212',
    'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176',
  ],
  [
    'meta',
    'first_name',
    'Mary',
    '',
    'mary',
    '6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec',
  ],
  ['meta', 'first_name', '정', '', '정', '8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14'],
  [
    'meta',
    'first_name',
    'Valéry',
    '',
    'valéry',
    '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c',
  ],
  [
    'meta',
    'birth_date',
    '2/16/1997',
    '',
    '19970216',
    '01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c',
  ],
  [
    'meta',
    'country',
    'United States',
    '',
    'us',
    '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621',
  ],
  [
    'tiktok',
    'email',
    ' ALICE_abc@gmail.com ',
    '',
    'alice_abc@gmail.com',
    '848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f',
  ],
  [
    'tiktok',
    'phone',
    '(+1)2133734253',
    '',
    '+12133734253',
    '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd',
  ],
  [
    'tiktok',
    'external_id',
    'user_123',
    '',
    'user_123',
    '80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b',
  ],
  [
    'snapchat',
    'email',
    'Person@Example.com',
    '',
    'person@example.com',
    '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345',
  ],
  [
    'snapchat',
    'phone',
    '+44 844 412 4653',
    '',
    '448444124653',
    'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383',
  ],
  [
    'snapchat',
    'first_name',
    'John',
    '',
    'john',
    '96d9632f363564cc3032521409cf22a852f2032eec099ed5967c0d000cec607a',
  ],
  [
    'google',
    'email',
    'test@gmail.com',
    '',
    'test@gmail.com',
    '87924606b4131a8aceeeae8868531fbb9712aaa07a5d3a756b26ce0f5d6ca674',
  ],
  [
    'google',
    'email',
    'cloudy.sanfrancisco+shopping@gmail.com',
    '',
    'cloudysanfrancisco@gmail.com',
    '223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4',
  ],
  [
    'google',
    'email',
    'user.name+NYC@Example.com',
    '',
    'user.name+nyc@example.com',
    'f109a2a632fbcea5fc82049f50beed3d8621bf9034399f437fb622222acccdac',
  ],
  [
    'google',
    'phone',
    '(800) 555-0100',
    'US',
    '+18005550100',
    'fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30',
  ],
] as const

t.test('published vectors', async t => {
  for (const [destination, field, input, country, normalised, sha256] of PUBLISHED)
    t.same(
      normalise(destination, field, input, country || null),
      { normalised, sha256 },
      `${destination} ${field}`,
    )
})

const MATRIX = '../shared/data/CROSS_PLATFORM_normalisation_matrix.json'
const skip = existsSync(MATRIX) ? false : `there is no ${MATRIX}`

t.test("the matrix of one person's hashes", { skip }, async t => {
  const { rows } = JSON.parse(readFileSync(MATRIX, 'utf8')) as { rows: Record<string, string | string[]>[] }
  for (const { input, ...wanted } of rows)
    for (const [key, pair] of Object.entries(wanted)) {
      const platform = key.split('.')[0]!
      const destination = (platform === 'snap' ? 'snapchat' : platform) as Destination
      const [, value = '', country] = /^(.*?)(?:, country (\w+))?$/s.exec(String(input))!
      const made = normalise(destination, country ? 'phone' : 'email', value, country ?? null)
      t.same([made.normalised, made.sha256], pair, key)
    }
})

t.test("telephone numbers of Meta's own tests, and some from elsewhere", async t => {
  const is = (
    destination: Destination,
    text: string,
    country: string | null,
    wanted: string | null,
    reason?: string,
  ) => {
    const { normalised, reason: why } = normalise(destination, 'phone', text, country)
    t.same([normalised, why], [wanted, reason], `${destination} ${text}`)
  }
  is('meta', '+001 (616) 954-78 88', null, '16169547888')
  is('meta', '01(650)123-4567', null, '16501234567')
  is('google', '01(650)123-4567', null, null, 'COUNTRY_UNKNOWN')
  is('tiktok', '0049 (0)30 123456', null, '+4930123456')
  is('snapchat', '+49 (0)30 123456', 'US', '4930123456')
  is('meta', '030 123456', 'Germany', '4930123456')
  is('google', '030 123456 ext. 5', 'DE', '+4930123456')
  is('google', '123', 'US', null, 'INVALID')
  is('google', 'call me', 'US', null, 'INVALID')
  is('meta', '000', null, null, 'INVALID')
})

t.test('places, names, dates', async t => {
  const of = (destination: Destination, field: string, text: string, country: string | null = null) =>
    normalise(destination, field, text, country)
  t.equal(of('meta', 'city', 'Washington D.C').normalised, 'washingtondc')
  t.equal(of('meta', 'zip', 'NR9 5AL').normalised, 'nr95al')
  t.equal(of('meta', 'zip', '94035-1234', 'US').normalised, '94035')
  t.equal(of('meta', 'zip', '94035-1234').normalised, '94035')
  t.equal(of('meta', 'state', 'New York', 'US').normalised, 'ny')
  t.equal(of('meta', 'state', 'Nordrhein-Westfalen', 'DE').normalised, 'nordrheinwestfalen')
  t.equal(of('google', 'first_name', 'Dr. Anne-Marie ').normalised, 'annemarie')
  t.equal(of('google', 'first_name', 'Drew').normalised, 'drew')
  t.equal(of('snapchat', 'gender', 'Female').normalised, 'f')
  t.equal(of('snapchat', 'birth_date', '16.2.1997').normalised, '19970216')
  t.equal(of('meta', 'birth_date', '2026-02-30').reason, 'INVALID')
  t.same(of('google', 'country', 'usa'), { normalised: 'US', sha256: null, reason: 'NEVER_HASHED' })
  t.same(of('tiktok', 'city', 'San Francisco'), {
    normalised: 'sanfrancisco',
    sha256: null,
    reason: 'NEVER_HASHED',
  })
  t.same(
    ['Germany', 'de', 'UK', 'Côte d’Ivoire', 'Turkey', 'Türkiye', 'Atlantis', 'EU', 'ZZ'].map(countryCode),
    ['DE', 'DE', 'GB', 'CI', 'TR', 'TR', null, null, null],
  )
})

t.test('click ids go to whom they are of, byte for byte', async t => {
  t.same(normalise('meta', 'fbclid', ' IwAR_x+ '), {
    normalised: ' IwAR_x+ ',
    sha256: null,
    reason: 'NEVER_HASHED',
  })
  t.equal(normalise('snapchat', 'ScCid', 'AbC').normalised, 'AbC')
  t.equal(normalise('snapchat', 'sclid', 'AbC').normalised, 'AbC')
  t.equal(normalise('google', 'fbclid', 'x').reason, 'NOT_TAKEN')
  t.equal(normalise('google', 'gclid', '').reason, 'EMPTY')
})

t.test('what is not sent has a reason', async t => {
  t.equal(normalise('google', 'external_id', 'x').reason, 'NOT_TAKEN')
  t.equal(normalise('google', 'birth_date', '1997-02-16').reason, 'NOT_TAKEN')
  t.equal(normalise('meta', 'email', ' \t\n').reason, 'EMPTY')
  for (const bad of ['a', '@', 'a@b', 'a@@b.com', 'a@b..com', '...@gmail.com'])
    t.equal(normalise('google', 'email', bad).reason, 'INVALID', bad)
  t.equal(normalise('google', 'email', 'a b@c.com').normalised, 'ab@c.com')
  t.equal(normalise('meta', 'email', 'a b@c.com').reason, 'INVALID')
})

t.test('a hash passes through, but never the hash of nothing', async t => {
  const hash = 'A'.repeat(64)
  t.same(normalise('meta', 'email', hash), { normalised: hash.toLowerCase(), sha256: hash.toLowerCase() })
  t.equal(
    normalise('meta', 'email', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855').reason,
    'INVALID',
  )
  t.equal(normalise('google', 'city', hash).reason, 'INVALID', 'it wants the city itself')
})

t.test('a normalised value is its own', async () => {
  const field = fc.constantFrom(...PERSONAL_FIELDS)
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.emailAddress(), fc.string())
  fc.assert(
    fc.property(fc.constantFrom(...DESTINATIONS), field, text, (destination, field, text) => {
      const once = normalise(destination, field, text, 'US')
      if (once.normalised === null) return once.reason !== undefined && once.sha256 === null
      // A title may stand before a title, and a plus is part of a number.
      if (field.endsWith('name') || field === 'phone') return once.normalised.trim() !== ''
      return normalise(destination, field, once.normalised, 'US').normalised === once.normalised
    }),
    { numRuns: 500 },
  )
})

t.test('a line that is none is refused, without its value', async t => {
  const refused = (line: unknown, why: RegExp) =>
    t.throws(() => answerLine(typeof line === 'string' ? line : JSON.stringify(line), 'stdin, line 7'), {
      code: 'RECORD_INVALID',
      message: why,
    })
  refused('{', /stdin, line 7: is not JSON/)
  refused([], /must be an object/)
  refused({ destination: 'bing', field: 'email', value: 'secret' }, /destination must be one of meta, google/)
  refused({ destination: 'meta', field: 'shoe', value: 'secret' }, /field must be one of email/)
  refused({ destination: 'meta', field: 'phone', value: 49 }, /value must be a text/)
  refused({ destination: 'meta', field: 'phone', value: '1', land: 'DE' }, /no field "land"/)
  refused({ destination: 'meta', field: 'phone', value: '1', country: 'Atlantis' }, /country must be/)
  t.same(answerLine('{"destination":"meta","field":"email","value":null}', ''), {
    normalised: null,
    sha256: null,
    reason: 'EMPTY',
  })
})
