import { type ColumnSpec, currentView, type TableSpec } from '../../engine/sink/table.ts'

const float = (name: string, comment?: string): ColumnSpec => ({
  name,
  type: 'Nullable(Float64)',
  ...(comment === undefined ? {} : { comment }),
})

const columns: readonly ColumnSpec[] = [
  { name: 'tenant_id', type: 'LowCardinality(String)' },
  { name: 'experiment_id', type: 'String' },
  { name: 'arm', type: 'String' },
  { name: 'control', type: 'Bool' },
  { name: 'as_of', type: "DateTime64(6, 'UTC')", comment: 'How far its people have been counted' },
  { name: 'state', type: 'LowCardinality(String)', comment: 'RUNNING, PAUSED, COMPLETED, STOPPED' },
  { name: 'users', type: 'Int64', comment: 'People first seen in this arm' },
  { name: 'conversions', type: 'Int64', comment: 'Of them, who converted after that' },
  float('rate'),
  float('difference', "Rate less the control's"),
  float('p_value', 'Pooled z, two-sided; of one look: null until the sample is there'),
  float('p_holm', 'Of several arms'),
  float('ci_lower', "Newcombe's interval of the difference; of one look"),
  float('ci_upper'),
  float('sequential_lower', 'Holds however often somebody looks'),
  float('sequential_upper'),
  float('effect_size_h'),
  float('power'),
  { name: 'srm', type: 'Float64', comment: 'p that people were split as was meant', value: r => r.srm_p },
  { name: 'required_users', type: 'Nullable(Int64)', comment: 'In each arm; null: no effect is stated' },
  { name: 'peeking_safe', type: 'Bool', comment: 'Nothing here is only valid at one look' },
  { name: 'winner', type: 'Nullable(Bool)', comment: 'null: not yet, or nobody can be told' },
  { name: 'flags', type: 'Array(LowCardinality(String))', comment: 'INVALID_SRM, UNDERPOWERED' },
  { name: 'reason', type: 'LowCardinality(Nullable(String))', comment: 'Why there is no p' },
  { name: 'revision', type: 'Int64', comment: '1 for the first, one more for every evaluation' },
  { name: 'ingest_time', type: "DateTime64(6, 'UTC')" },
]

export const experimentResultsTable: TableSpec = {
  name: 'experiment_results',
  comment: 'One row is one arm of an experiment at one evaluation',
  version: 1,
  from: { topic: 'experiments', kind: 'experiment_result' },
  time: 'as_of',
  orderBy: ['tenant_id', 'experiment_id', 'arm', 'revision'],
  columns,
  views: [currentView('experiment_results', columns, ['tenant_id', 'experiment_id', 'arm'])],
}
