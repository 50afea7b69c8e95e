import t from 'tap'
import { StratumError } from '../../../engine/errors.ts'
import { readableRefusal, readingStatement } from '../../../engine/ops/sql.ts'

t.test('one statement that reads passes as it is, without the semicolon behind it', async t => {
  for (const sql of [
    'SELECT 1',
    '  -- first\n/* then; */ select 1',
    '((SELECT 1))',
    'WITH x AS (SELECT 1) SELECT * FROM x',
    'SELECT \';\' AS "a;b", `c;d`, $q$;$q$ -- ; \n',
    "SELECT 'it''s; \\'; into outfile'",
    'FROM events SELECT count()',
    'SHOW TABLES',
    'DESCRIBE events',
    'EXPLAIN SELECT 1',
    'EXISTS events',
  ])
    t.equal(readingStatement(sql), sql)
  t.equal(readingStatement('SELECT 1;'), 'SELECT 1')
  t.equal(readingStatement('SELECT 1 ;; -- done;'), 'SELECT 1 ')
})

t.test('all else is wrong arguments', async t => {
  const cases: [string, RegExp][] = [
    ['', /empty/],
    ['-- nothing', /empty/],
    ['  ;', /empty/],
    ['INSERT INTO events VALUES (1)', /only reads/],
    ['/* SELECT */ DROP TABLE events', /only reads/],
    ['SET readonly = 0', /only reads/],
    ['SELEC 1', /only reads/],
    ['SELECT 1; DROP TABLE events', /one statement at a time/],
    ["SELECT ';'; SELECT 2", /one statement at a time/],
    ["SELECT 1 INTO /* x */ OUTFILE 'x'", /writes no files/],
  ]
  for (const [sql, message] of cases) t.throws(() => readingStatement(sql), { code: 'USAGE', message }, sql)
})

t.test('refusals of the store say where the statement is wrong', async t => {
  const cases: [string, string][] = [
    [
      'Syntax error: failed at position 14 (x): x. Expected one of: token, Comma, FROM.',
      'syntax error near "x" (character 14)',
    ],
    [
      'Syntax error: failed at position 16 (bar) (line 3, col 6): bar. Expected one of: token.',
      'syntax error near "bar" (line 3, column 6)',
    ],
    [
      "Single quoted string is not closed: Syntax error: failed at position 18 ('x): 'x. . ",
      'single quoted string is not closed (character 18)',
    ],
    [
      'Syntax error: failed at position 8 ((): (1. Unmatched parentheses: (. ',
      'syntax error: "(" has no counterpart (character 8)',
    ],
    [
      'Syntax error: failed at position 14 (end of query): . Expected one of: identifier',
      'syntax error: the statement ends too early',
    ],
    [
      'Database stratum does not exist.',
      'Database stratum does not exist: its tables are made when stratum start or stratum ingest first runs',
    ],
    ['Unknown function foo.', 'ClickHouse: Unknown function foo.'],
  ]
  for (const [said, shown] of cases) {
    const refusal = new StratumError('STORE_REFUSED', `ClickHouse: ${said}`)
    t.match(readableRefusal(refusal), { code: 'STORE_REFUSED', message: shown })
  }
  const outage = new StratumError(
    'STORE_UNAVAILABLE',
    'ClickHouse: Syntax error: failed at position 1 (a): a.',
  )
  t.equal(readableRefusal(outage), outage)
})
