import type { ColumnSpec, TableSpec } from '../../engine/sink/table.ts'

const score = (name: string, comment?: string): ColumnSpec => ({
  name,
  type: 'Nullable(Float64)',
  ...(comment === undefined ? {} : { comment }),
})
const word = (name: string, comment?: string): ColumnSpec => ({
  name,
  type: 'LowCardinality(String)',
  ...(comment === undefined ? {} : { comment }),
})

export const signalHealthTable: TableSpec = {
  name: 'signal_health',
  comment: 'One row is the trust of one platform at one evaluation; scores are 0 to 100, null where unknown',
  version: 1,
  from: { topic: 'signals', kind: 'signal_health' },
  time: 'as_of',
  orderBy: ['tenant_id', 'platform', 'as_of'],
  columns: [
    word('tenant_id'),
    word('platform'),
    { name: 'as_of', type: "DateTime64(6, 'UTC')" },
    score('emq', 'Match quality'),
    score('freshness'),
    score('variance'),
    score('anomaly'),
    score('match_rate'),
    score('coverage'),
    score('latency'),
    score('attribution_accuracy'),
    score('data_freshness'),
    score('score'),
    { name: 'confidence', type: 'Float64', comment: 'Share of the weights that is known' },
    word('status', 'By the score alone'),
    word('effective_status', 'After caps and hysteresis, of actions that raise risk'),
    { name: 'caps', type: 'Array(LowCardinality(String))' },
    word('gate_risk_increasing', 'PASS, HOLD or BLOCK on all evidence'),
    word('gate_protective'),
    word('gate_risk_increasing_delivery', 'On the evidence of spend alone'),
    word('gate_protective_delivery'),
    { name: 'opens', type: 'String', comment: 'What would have to change for the gate to open' },
    { name: 'explanation', type: 'String', comment: 'Every score down to its counts and watermarks' },
    { name: 'policy_version', type: 'Int64', comment: 'Of the settings in force; 0: the defaults' },
    { name: 'valid_until', type: "DateTime64(6, 'UTC')" },
    { name: 'inputs_hash', type: 'String' },
    { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
  ],
}
