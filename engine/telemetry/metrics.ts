import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * What an operator watches. Names are public (alerts rest on them): add, never rename. Each engine has its own
 * registry, so that several in one process do not meet.
 */
export interface Metrics {
  readonly registry: Registry
  /** Records that passed a stage. */
  readonly records: Counter<'stage' | 'tenant'>
  /** Records of a partition that a task has yet to fold. */
  readonly lagRecords: Gauge<'task' | 'topic' | 'partition'>
  /** Age of the oldest record that a task has yet to fold, in seconds; 0 when it is at the end. */
  readonly lagSeconds: Gauge<'task' | 'topic' | 'partition'>
  /** From taking outputs, state and offset to their commit, in seconds. */
  readonly commitSeconds: Histogram
  /** Records that became dead letters. `reason` is a kind, never the message: few values. */
  readonly deadLetters: Counter<'reason'>
  /** Rows written to the warehouse. */
  readonly sinkRows: Counter<'table'>
  /** Tries to carry actions out, by how they ended; REFUSED: the fold gave no lease. */
  readonly actions: Counter<'state' | 'platform'>
  /** From a lease to the answer to what became of it, in seconds. */
  readonly actionSeconds: Histogram<'platform'>
  /** Requests to the API, in seconds. `route` is the pattern (`/tenant/:id`), never the URL. */
  readonly httpSeconds: Histogram<'method' | 'route' | 'status'>
}

export interface MetricsOptions {
  /** Memory, CPU and event loop of the process too: once a process. */
  readonly process?: boolean
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (options.process) collectDefaultMetrics({ register: registry })
  const perPartition = ['task', 'topic', 'partition'] as const
  return {
    registry,
    records: new Counter({
      name: 'stratum_records_total',
      help: 'Records that passed a stage',
      labelNames: ['stage', 'tenant'] as const,
      registers,
    }),
    lagRecords: new Gauge({
      name: 'stratum_lag_records',
      help: 'Records a task has yet to fold',
      labelNames: perPartition,
      registers,
    }),
    lagSeconds: new Gauge({
      name: 'stratum_lag_seconds',
      help: 'Age of the oldest record a task has yet to fold',
      labelNames: perPartition,
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'stratum_commit_seconds',
      help: 'Time to commit outputs, state and offset together',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    deadLetters: new Counter({
      name: 'stratum_dead_letters_total',
      help: 'Records that became dead letters',
      labelNames: ['reason'] as const,
      registers,
    }),
    sinkRows: new Counter({
      name: 'stratum_sink_rows_total',
      help: 'Rows written to the warehouse',
      labelNames: ['table'] as const,
      registers,
    }),
    actions: new Counter({
      name: 'stratum_actions_total',
      help: 'Tries to carry actions out, by how they ended',
      labelNames: ['state', 'platform'] as const,
      registers,
    }),
    actionSeconds: new Histogram({
      name: 'stratum_action_seconds',
      help: 'Time to carry an action out, from its lease on',
      labelNames: ['platform'] as const,
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a request of the API',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  }
}
