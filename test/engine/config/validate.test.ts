import fc from 'fast-check'
import t from 'tap'
import {
  didYouMean,
  merge,
  parseSets,
  parseUnsets,
  redact,
  SETTINGS_SCHEMA,
  secretPaths,
  validate,
} from '../../../engine/config/index.ts'
import type { JsonSchema } from '../../../engine/source/port.ts'

const object = (properties: Record<string, JsonSchema>, required: string[], title?: string): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...(title ? { title } : {}),
})

const schema = object(
  {
    path: { type: 'string', title: 'Folder', minLength: 1 },
    retries: { type: 'integer', default: 3, minimum: 0 },
    ratio: { type: ['number', 'null'] },
    email: { type: 'string', pseudonymise: true },
    token: { type: 'string', secret: true },
    columns: { type: 'object', additionalProperties: { type: 'string' }, default: {} },
    accounts: {
      type: 'array',
      items: object({ id: { type: 'string' }, key: { type: 'string', secret: true } }, ['id', 'key']),
      default: [],
    },
    flags: { type: 'array', items: { type: 'boolean' }, default: [] },
  },
  ['path'],
)

t.test('defaults are filled in and the value given stays as it was', async t => {
  const given = { path: 'x' }
  t.strictSame(validate(schema, given, 'csv'), {
    path: 'x',
    retries: 3,
    columns: {},
    accounts: [],
    flags: [],
  })
  t.strictSame(given, { path: 'x' })
})

t.test('nothing is coerced', async t => {
  for (const value of [{ path: 'x', retries: '3' }, { path: 7 }, { path: 'x', flags: ['true'] }])
    t.throws(() => validate(schema, value, 'csv'), { code: 'CONFIG_INVALID' })
  t.throws(() => validate(schema, {}, 'csv'), { message: 'csv: /path is required (Folder)' })
  t.throws(() => validate(schema, { path: '' }, 'csv'), { message: 'csv: /path must not be empty' })
})

t.test('`optional: true` written out is accepted; a wrong schema is reported as such', async t => {
  const written = { type: 'object', properties: { a: { type: 'string', optional: true } } } as JsonSchema
  t.strictSame(validate(written, {}, 'x'), {})
  t.throws(() => validate({ type: 'text' }, {}, 'mine'), {
    code: 'CONFIG_INVALID',
    message: /schema of mine is wrong/,
  })
})

t.test('of a choice, the nearest alternative says what is wrong', async t => {
  const key = { type: { type: 'string', enum: ['key'] }, key: { type: 'string', secret: true } }
  const oauth = { type: { type: 'string', enum: ['oauth'] }, client: { type: 'string' } }
  const auth = {
    oneOf: [object(key, ['type', 'key'], 'API key'), object(oauth, ['type', 'client'], 'OAuth')],
  }
  const choice = object({ auth }, ['auth'])
  t.strictSame(validate(choice, { auth: { type: 'oauth', client: 'c' } }, 'x'), {
    auth: { type: 'oauth', client: 'c' },
  })
  t.throws(() => validate(choice, { auth: { type: 'oauth', cleint: 'c' } }, 'x'), {
    message: 'x: /auth/client is required; x: /auth/cleint is not a setting (did you mean "client"?)',
  })
  t.throws(() => validate(choice, { auth: 'hunter2' }, 'x'), {
    message: 'x: /auth must match exactly one alternative: API key | OAuth',
  })
})

t.test('--set: text becomes what the schema asks for, and only where that is clear', async t => {
  const sets = [
    'path=5',
    'retries=5',
    'ratio=null',
    'columns.a\\.b=1',
    'columns.c=x=y',
    'flags=[true]',
    'token=true',
  ]
  t.strictSame(parseSets(sets, schema), {
    path: '5',
    retries: 5,
    ratio: null,
    columns: { 'a.b': '1', c: 'x=y' },
    flags: [true],
    token: 'true',
  })
  t.strictSame(parseSets(['a=b', 'x.y=3']), { a: 'b', x: { y: '3' } })
  t.strictSame(parseSets(['a=1', 'b=[1]', 'c=x'], { additionalProperties: {} }), { a: 1, b: [1], c: 'x' })
  t.throws(() => validate(schema, parseSets(['path=x', 'retries=many'], schema), '--set'), {
    message: '--set: /retries must be integer, got "many"',
  })
})

t.test('--set: what is not key=value', async t => {
  for (const sets of [['a'], ['=b'], ['a..b=1'], ['__proto__.x=1'], ['a=1', 'a.b=2'], ['a.b=2', 'a=1']])
    t.throws(() => parseSets(sets), { code: 'USAGE', message: /^--set / }, sets.join(' '))
})

t.test('a name that no setting has was told to be written key=value, which it was', async t => {
  for (const name of ['__proto__', '__proto__.x', 'a.__proto__.x']) {
    const message = `${name}: there is no such setting`
    t.throws(() => parseSets([`${name}=1`]), { code: 'USAGE', message: `--set ${message}` })
    t.throws(() => parseUnsets([name]), { code: 'USAGE', message: `--unset ${message}` })
  }
  t.equal(Object.hasOwn(Object.prototype, 'x'), false, 'nor does it become one of all objects')
  for (const name of ['a..b', '.a', 'a.'])
    t.throws(() => parseSets([`${name}=1`]), {
      code: 'USAGE',
      message: /: a part of its name is empty: write it as/,
    })
})

t.test('--unset: paths of what goes back to its default', async t => {
  t.strictSame(parseUnsets(['a', 'b.c', 'b.d\\.e']), { a: null, b: { c: null, 'd.e': null } })
  for (const names of [['a', 'a.b'], ['a.b', 'a'], ['']])
    t.throws(() => parseUnsets(names), { code: 'USAGE', message: /^--unset / }, names.join(' '))
})

t.test('--set over a file', async t => {
  t.strictSame(merge({ a: { b: 1, c: [1] } }, { a: { c: [2], d: null } }), { a: { b: 1, c: [2], d: null } })
})

t.test('secrets: paths and masks', async t => {
  t.strictSame(secretPaths(schema), ['/token', '/accounts/*/key'])
  t.strictSame(secretPaths(SETTINGS_SCHEMA).sort(), [
    '/cache/password',
    '/cache/tls/passphrase',
    '/catalogue/password',
    '/catalogue/tls/passphrase',
    '/kafka/sasl/clientSecret',
    '/kafka/sasl/password',
    '/kafka/tls/passphrase',
    '/registry/password',
    '/registry/tls/passphrase',
    '/registry/token',
    '/secrets/keys',
    '/secrets/signingKeys',
    '/warehouse/password',
    '/warehouse/tls/passphrase',
  ])
  const value = {
    path: 'x',
    token: 'hunter2',
    accounts: [{ id: '1', key: 'hunter2' }],
    tokn: 1,
    api_key: 'hunter2',
  }
  t.strictSame(redact(value, schema), {
    path: 'x',
    token: '***',
    accounts: [{ id: '1', key: '***' }],
    tokn: 1,
    api_key: '***',
  })
  t.strictSame(redact({ token: null }, schema), { token: null })
})

t.test('no secret survives redaction, wherever the schema puts it', async t => {
  const mark = 'hunter2'
  const tree = fc.letrec<{ node: [JsonSchema, unknown] }>(tie => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.constant<[JsonSchema, unknown]>([{ type: 'string', secret: true }, mark]),
      fc.constant<[JsonSchema, unknown]>([{ type: 'string' }, 'open']),
      tie('node').map(([inner, value]): [JsonSchema, unknown] => [
        { type: 'array', items: inner },
        [value, value],
      ]),
      tie('node').map(([inner, value]): [JsonSchema, unknown] => [
        { type: 'object', properties: { a: inner } },
        { a: value },
      ]),
      tie('node').map(([inner, value]): [JsonSchema, unknown] => [
        { type: 'object', additionalProperties: inner },
        { k: value },
      ]),
      tie('node').map(([inner, value]): [JsonSchema, unknown] => [
        { oneOf: [{ type: 'null' }, inner] },
        value,
      ]),
    ),
  })).node
  fc.assert(fc.property(tree, ([schema, value]) => !JSON.stringify(redact(value, schema)).includes(mark)))
  t.pass()
})

t.test('suggestions', async t => {
  const known = ['cutRows', 'cutBytes', 'cutMs', 'port']
  t.equal(didYouMean('cut_rows', known), ' (did you mean "cutRows"?)')
  t.equal(didYouMean('prot', known), ' (did you mean "port"?)')
  t.equal(didYouMean('banana', known), '')
  t.equal(didYouMean('x', []), '')
})
