import fc from 'fast-check'
import t from 'tap'
import { documentOf } from '../../../pipelines/policy-tests/document.ts'
import { failed, HEAD, test } from './files.ts'

const says = (text: string) => failed(test(text))

t.test('everything that is wrong is said, with its place and the name that was meant', async t => {
  t.match(
    says(`
polcy: x
clock: 2026-01-15T10:00:00
tests:
  - { name: a, gven: {}, expect: { gate: PAS } }
  - { name: b, given: { trust: { emc: 1 } }, expect: { gat: PASS } }
  - { name: c, expect: { gat: PASS, outcome: EXECUTED, violations: BUDGET_EXCEEDED, caps: [EMQ_LO], score: high } }
  - { name: d, when: { command: killswitch.relase }, given: { role: BOSS }, expect: { allowed: false } }
  - { name: e, when: { command: killswitch.release }, given: { role: ADMIN }, expect: { gate: PASS } }
  - { name: f, matrix: { role: [MANAGER, ADMIN] }, when: { command: killswitch.release }, expect: { allowed: [true, true, true] } }
  - { name: g, matrix: { role: MANAGER }, expect: { gate: PASS } }
  - { name: h, expect: none }
  - { expect: {} }
  - { name: i, given: { entity: { budgt: 1 } }, expect: { gate: PASS } }
`),
    [
      /^\/polcy is no field \(did you mean "policy"\?\)/,
      /^\/clock says no zone: write 2026-01-15T10:00:00Z/,
      /^\/tests\/0\/gven is no field \(did you mean "given"\?\)/,
      /^\/tests\/0\/expect\/gate "PAS" is none of/,
      /^\/tests\/1\/given\/trust\/emc is not a setting \(did you mean "emq"\?\)/,
      /^\/tests\/2\/expect\/gat is nothing that can be expected \(did you mean "gate"\?\)/,
      /^\/tests\/2\/expect\/outcome "EXECUTED" is none of .*\(did you mean "EXECUTE"\?\)/,
      /^\/tests\/2\/expect\/violations is a list, whole/,
      /^\/tests\/2\/expect\/caps "EMQ_LO" is none of .*\(did you mean "EMQ_LOW"\?\)/,
      /^\/tests\/2\/expect\/score is a number, got "high"/,
      /^\/tests\/3\/when\/command is one of .*\(did you mean "killswitch.release"\?\)/,
      /^\/tests\/3\/given\/role is one of VIEWER, ANALYST, MANAGER, ADMIN, SUPERADMIN; got "BOSS"/,
      /^\/tests\/4\/expect\/gate is nothing that a command has/,
      /^\/tests\/5\/expect\/allowed has 3 values for 2 cells/,
      /^\/tests\/6\/matrix\/role is a list of values, got "MANAGER"/,
      /^\/tests\/7\/expect none is for tests of rules/,
      /^\/tests\/8\/name says what is tested/,
      /^\/tests\/9\/given\/entity\/budgt is not a setting \(did you mean "budget"\?\)/,
    ],
  )
})

t.test('the policy that is not there, or wrong, is said once', async t => {
  const of = (policy: string) =>
    `policy: ${policy}\ntests: [{ name: a, expect: { gate: PASS } }, { name: b, expect: { gate: PASS } }]`
  t.same(says(of('./nowhere.yaml')), ['/policy ./nowhere.yaml: there is no such file'])
  t.same(says(of('{ roas_lookback_days: 0 }')), ['/policy/roas_lookback_days must be >= 1, got 0'])
  t.same(says(of('7')), ['/policy is the path of a file, or an object'])
  t.match(says(`${HEAD.replace('spend: 900', 'spnd: 900')}tests: [{ name: a, expect: { gate: PASS } }]`), [
    /^\/given\/entity\/spnd is not a setting \(did you mean "spend"\?\)$/,
  ])
})

t.test('clocks that are none', async t => {
  for (const clock of ['2026-02-30T10:00:00Z', '2026-01-15', 'noon', '5', '2026-01-15T25:00:00Z'])
    t.match(
      says(`clock: ${clock}\ntests: [{ name: a, expect: { gate: PASS } }]`),
      [/^\/clock is an instant such as/],
      clock,
    )
  t.same(says('clock: 2026-01-15T10:00:00+01:00\ntests: [{ name: a, expect: { gate: PASS } }]'), [])
})

t.test('texts that are made to hurt are refused, and nothing is left of them', async t => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdef'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcde'[i]}`).join(',')}]`),
  ].join('\n')
  const rows: readonly (readonly [string, RegExp])[] = [
    [bomb, /alias/],
    [`tests: ${'['.repeat(20_000)}`, /nested too deeply/],
    [`tests: ${'['.repeat(100)}${']'.repeat(100)}`, /nested deeper than 24/],
    ['given: { __proto__: { polluted: 1 } }\ntests: []', /^\/given\/__proto__ is no name/],
    [
      'tests: [{ name: a, matrix: { __proto__.polluted: [1] }, expect: { gate: PASS } }]',
      /is no name of what is given/,
    ],
    [
      'tests: [{ name: a, matrix: { constructor.prototype.polluted: [1] }, expect: { gate: PASS } }]',
      /\/given\/constructor is not a setting/,
    ],
    ['tests: &a [*a]', /nested deeper|alias/i],
    ['? [a, b]\n: 1', /a key that is a list/],
    ['tests: [{ name: "a', /^ line 1: /],
    ['tests: []\ntests: []', /must be unique/],
    ['a: 1\n---\nb: 2', /multiple documents/],
    ['', /has no tests/],
    ['tests: [{ name: a, given: { trust: { emq: .nan } }, expect: { gate: PASS } }]', /\/trust\/emq must be/],
    [
      'tests: [{ name: a, given: { entity: { budget: .inf } }, expect: { gate: PASS } }]',
      /\/entity\/budget must be/,
    ],
    [
      'tests: [{ name: a, matrix: { role: [A, B, C, D, E, F, G, H, I, J], mode: [A, B, C, D, E, F, G, H, I, J], actor: [A, B, C, D, E, F, G, H, I, J, K] }, expect: { gate: PASS } }]',
      /more than 1000 cells/,
    ],
  ]
  for (const [text, message] of rows) t.match(says(text)[0], message, text.slice(0, 60))
  t.equal(({} as Record<string, unknown>).polluted, undefined)
})

t.test('no text makes it throw', async t => {
  const word = fc.constantFrom(
    'tests',
    'name',
    'given',
    'expect',
    'gate',
    'PASS',
    'rule',
    'when',
    ':',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '&a',
    '*a',
    '\n',
    '  ',
    '!!map',
    '"',
    '#',
    '|',
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 30 }).map(words => words.join('')),
        ),
        text => {
          documentOf(text)
          test(text)
        },
      ),
      { numRuns: 300 },
    ),
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (given, expect) => {
        test(JSON.stringify({ tests: [{ name: 'a', given, expect }] }))
      }),
      { numRuns: 200 },
    ),
  )
})
