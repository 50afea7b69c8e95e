import fc from 'fast-check'
import t from 'tap'
import { MOST_CHARACTERS, parseCondition } from '../../../pipelines/rules/model/expression/parse.ts'
import { condition, NAMES, numbers, truthOf } from './conditions.ts'

/** Why a condition is refused; it must be. */
function refusal(text: string, names: readonly string[] = ['roas', 'spend']): string {
  try {
    parseCondition(text, names)
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code !== 'RECORD_INVALID') throw error
    return message
  }
  throw new Error(`it was taken: ${text.slice(0, 60)}`)
}

t.test('a condition says what it reads like', async t => {
  const at = { roas: 0.7, spend: 600 }
  t.equal(truthOf('roas < 0.8 and spend > 500', at), true)
  t.equal(truthOf('roas < 0.7 or spend > 600', at), false)
  t.equal(truthOf('not (roas >= 0.8)', at), true)
  t.equal(truthOf('spend / roas > 850', at), true)
  t.equal(truthOf('min(roas, 1) + max(spend, 5) == 600.7', at), true)
  t.equal(truthOf('-roas < 0', at), true)
  t.equal(truthOf('(spend > 500 ? roas : 9) < 1', at), true)
  t.equal(
    truthOf('round(roas) == 1 and floor(roas) == 0 and ceil(roas) == 1 and abs(-roas) == 0.7', at),
    true,
  )
  t.equal(truthOf('spend != 600', at), false)
})

t.test('and binds closer than or, times closer than plus, and not takes what is in parentheses', async t => {
  const x = { a: 1, b: 2 }
  t.equal(truthOf('a == 1 or a == 2 and b == 9', x), true)
  t.equal(truthOf('not (a == 2) and b == 2', x), true)
  t.equal(truthOf('a + b * 3 == 7', x), true)
})

t.test('unknown, by Kleene: what settles a condition settles it, the rest stays unknown', async t => {
  const x = { yes: 1, no: 0, odd: null }
  const [yes, no, odd] = ['yes == 1', 'no == 1', 'odd == 1']
  const table: [string, boolean | null][] = [
    [`${yes} and ${odd}`, null],
    [`${odd} and ${yes}`, null],
    [`${no} and ${odd}`, false],
    [`${odd} and ${no}`, false],
    [`${odd} and ${odd}`, null],
    [`${yes} or ${odd}`, true],
    [`${odd} or ${yes}`, true],
    [`${no} or ${odd}`, null],
    [`${odd} or ${no}`, null],
    [`not (${odd})`, null],
    ['odd != 1', null],
    ['odd >= odd', null],
    ['known(odd)', false],
    ['not known(odd)', true],
    ['known(yes / no)', false],
    ['(known(odd) ? odd : 3) == 3', true],
    [`(${odd} ? 1 : 1) == 1`, null],
    ['min(odd, 1) < 5', null],
    ['max(1, odd) < 5', null],
  ]
  for (const [text, is] of table) t.equal(truthOf(text, x), is, text)
})

t.test('division by zero and what overflows is unknown, never infinite', async t => {
  const x = { a: 5, zero: 0, huge: 1e14 }
  t.equal(truthOf('a / zero > 1', x), null)
  t.equal(truthOf('a / zero < 1', x), null)
  t.equal(truthOf('zero / zero == 0', x), null)
  t.equal(truthOf('1 / (1 / zero) == 0', x), null)
  t.equal(truthOf('huge * huge > 1', x), null)
})

t.test('0.1 * 3 is not more than 0.3: what is compared is rounded as it would be written down', async t => {
  t.equal(truthOf('a * 3 > 0.3', { a: 0.1 }), false)
  t.equal(truthOf('a * 1.1 == 110', { a: 100 }), true)
})

t.test('what is computed is what the plainest evaluation gives', async () => {
  fc.assert(
    fc.property(condition, numbers, ({ text, is }, x) => {
      fc.pre(text.length <= MOST_CHARACTERS && (text.match(/\?/g)?.length ?? 0) <= 20)
      try {
        parseCondition(text, NAMES)
      } catch (error) {
        // Some are larger than a rule may be.
        fc.pre(!/more than \d+ (parts|deep|paren)|parts are more/.test((error as Error).message))
        throw error
      }
      return truthOf(text, x) === is(x)
    }),
    { numRuns: 2_000 },
  )
})

t.test('other names say the same', async () => {
  fc.assert(
    fc.property(condition, numbers, ({ text }, { a = null, b = null, spend_7d = null }) => {
      fc.pre(text.length <= MOST_CHARACTERS / 2)
      const other = text.replace(
        /\b(a|b|spend_7d)\b/g,
        name => ({ a: 'roas', b: 'x9', spend_7d: 'q' })[name]!,
      )
      let before: ReturnType<typeof truthOf>
      try {
        before = truthOf(text, { a, b, spend_7d })
      } catch {
        fc.pre(false)
        return
      }
      // In another order too: a name is where it is, not how it sounds.
      return before === truthOf(other, { q: spend_7d, roas: a, x9: b })
    }),
  )
})

t.test('what no condition has is refused, with what and where', async t => {
  const refused: [string, RegExp][] = [
    ['', /empty/],
    ['roas', /it is a number: compare it/],
    ['raos < 1', /there is no "raos" at character 1 \(did you mean "roas"\?\); it reads: roas, spend/],
    ['roas < 1 and spent > 1', /"spent" at character 14 \(did you mean "spend"/],
    ['roas = 1', /assigns something: == compares/],
    ['f(x) = x', /assigns something/],
    ['roas.constructor > 1', /no accessor/],
    ['roas.constructor.constructor("return process")() > 1', /"\\"" at character/],
    ['__proto__ > 1', /there is no "__proto__"/],
    ['constructor(1) > 1', /there is no function "constructor"/],
    ['toString(1) > 1', /there is no function "toString"/],
    ['import(1) > 1', /there is no function "import" at character 1/],
    ['evaluate(1) > 1', /there is no function "evaluate"/],
    ['createUnit(1) > 1', /there is no function/],
    ['ones(1e9) > 1', /there is no function "ones"/],
    ['roas[1] > 1', /there is a "\[" at character 5/],
    ['[1, 2] > 1', /there is a "\["/],
    ['{a: 1} > 1', /there is a "{"/],
    ['"a" == "a"', /there is a "\\""/],
    ["roas' > 1", /there is a "'"/],
    ['roas > 1; spend > 1', /there is a ";"/],
    ['roas > 1 # x', /there is a "#"/],
    ['1:5 > 2', /no range/],
    ['roas! > 1', /no operator ! at character 5/],
    ['roas ^ 2 > 1', /"\^" at character 6/],
    ['roas % 2 > 1', /"%" at character 6/],
    ['roas mod 2 > 1', /no operator mod at character 6/],
    ['roas > 5 cm', /leaves out an operator/],
    ['2 roas > 1', /leaves out an operator/],
    ['roas spend > 1', /leaves out an operator/],
    ['roas to spend > 1', /no operator to/],
    ['1 < roas < 3', /compares twice in a row/],
    ['(roas < 1) + 1 > 1', /reckons with something that is true or false/],
    ['roas and spend > 1', /take comparisons/],
    ['not roas', /not binds closest at character 1/],
    ['not roas < 1', /not binds closest at character 1: write not \(a < b\)/],
    ['not (roas)', /take comparisons/],
    ['(roas > 1 ? spend : roas > 2) > 1', /true or false/],
    ['min(roas) > 1', /min takes 2 to 20 numbers, not 1/],
    ['known(roas, spend)', /known takes 1 numbers, not 2/],
    ['roas > NaN', /NaN is no number/],
    ['roas < Infinity', /Infinity is no number/],
    ['roas > null', /null is no number/],
    ['roas == true', /true is no number/],
    ['roas < 1e999', /Infinity is no number/],
    ['roas < 1e10', /above 1000000000/],
    ['roas < 0.0000001', /more than six decimals/],
    ['roas <', /Unexpected end of expression \(char 7\)/],
    ['(roas < 1', /Parenthesis \) expected \(char 10\)/],
    ['roas < 1)', /char 9/],
    // Letters that only look like others: Cyrillic а, full-width <, a narrow space.
    ['roаs < 1', /there is a "а" at character 3/],
    ['roas ＜ 1', /there is a "＜"/],
    ['roas\u202f< 1', /at character 5/],
  ]
  for (const [text, why] of refused) t.match(refusal(text), why, text)
})

t.test('what would exhaust a parser never comes to one', async t => {
  const many = (text: string, times = 1_000) => text.repeat(times).slice(0, MOST_CHARACTERS - 20)
  const hostile: [string, string, RegExp][] = [
    ['parentheses', `${many('(')}roas`, /more than 50 parentheses/],
    ['calls', `${many('abs(')}roas`, /more than 50 parentheses/],
    ['signs', `${many('-')}roas > 1`, /too many signs/],
    ['signs of both kinds', `${many('+-')}roas > 1`, /too many signs/],
    ['nots', `${many('not ')}roas > 1`, /too many signs or "not"/],
    ['questions', `${many('roas>1?1:')}1 > 0`, /too many questions/],
    ['a long number', `roas < ${many('9')}`, /too many digits/],
    ['a long fraction', `roas < 0.${many('1')}`, /too many digits/],
    ['length', `roas < 1${' '.repeat(MOST_CHARACTERS)}`, /2000 are the most/],
    ['a string of a gigabyte', 'roas < 1'.repeat(1e6), /2000 are the most/],
    [
      'parts',
      many('roas<1 or ').replace(/ or $|[^1]*$/, ''),
      /more than 5\d* (parts|deep)|are more than 50 deep/,
    ],
    ['assignments', `${many('a=')}1`, /assigns/],
    ['comparisons', `${many('roas<')}1`, /compares twice/],
    ['factorials', `roas${many('!')} > 1`, /there is no operator|more than 50 deep/],
    ['commas', `min(${many('1,')}1) > 0`, /takes 2 to 20/],
    ['dots', `roas${many('.a')} > 0`, /no accessor/],
  ]
  for (const [what, text, why] of hostile) {
    const message = refusal(text)
    t.match(message, why, what)
    t.notMatch(message, /call stack/i, what)
    t.ok(message.length < 400, what)
  }
})

t.test('whatever the text, it is a condition or refused in a line', async () => {
  const word = fc.constantFrom(
    ...[
      'roas',
      'spend',
      '1',
      '0.5',
      '(',
      ')',
      '<',
      '>',
      '=',
      '+',
      '-',
      '*',
      '/',
      ',',
      '?',
      ':',
      '!',
      '.',
      ' ',
    ],
    ...['and', 'or', 'not', 'known', 'min', '1e9', 'e', '_', 'to', 'in', 'true', 'end', '\n', 'constructor'],
  )
  const text = fc.oneof(
    fc.array(word, { maxLength: 60 }).map(words => words.join(' ')),
    fc.array(word, { maxLength: 900 }).map(words => words.join('')),
    fc.string({ unit: 'binary', maxLength: 100 }),
  )
  fc.assert(
    fc.property(text, some => {
      try {
        parseCondition(some, ['roas', 'spend'])
        return true
      } catch (error) {
        const { code, message } = error as Error & { code?: string }
        return code === 'RECORD_INVALID' && !/call stack|undefined|not a function/i.test(message)
      }
    }),
    { numRuns: 2_000 },
  )
})
