import type { Model, ModelInput } from '../../engine/cli/model.ts'
import { dayIn } from '../../engine/clock/days.ts'
import { StratumError } from '../../engine/errors.ts'
import { csvRows, numberIn } from '../csv-rows.ts'
import type { Detector, DetectorName } from './model/detector.ts'
import { detectorOf } from './model/detectors.ts'
import { recordDetector } from './model/record.ts'
import { binningOf, timeOf } from './model/series-time.ts'

interface Point {
  readonly timestamp: string
  /** UTC microseconds. */
  readonly at: number
  readonly value: number | null
}

/** `stratum model anomaly`: one row for each of the file, in its order. */
export const run: Model = async function* ({ args, options, signal }: ModelInput) {
  const zone = known(String(options.zone))
  const points = await read(args[0]!, zone, signal)
  const { bins, binOf } = binningOf(
    points.map(point => point.at),
    zone,
  )
  const detector = chosen(options)
  const state = detector.empty(bins)
  for (const { timestamp, at, value } of points) {
    const { z, alert } = detector.update(state, value, binOf(at))
    yield { timestamp, value, score: z, alert }
  }
}

function chosen({ detector, quiet }: Readonly<Record<string, unknown>>): Detector {
  if (!quiet) return detectorOf(detector as DetectorName)
  if (detector !== 'record') throw new StratumError('USAGE', '--quiet is of the detector record')
  return recordDetector({ quiet: true }) as unknown as Detector
}

function known(zone: string): string {
  try {
    dayIn(zone, 0)
    return zone
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new StratumError('USAGE', `--zone ${zone} is no zone: Europe/Berlin`)
  }
}

async function read(file: string, zone: string, signal: AbortSignal): Promise<Point[]> {
  const points: Point[] = []
  for await (const row of csvRows(file, ['timestamp', 'value'], signal)) {
    const timestamp = row.record.timestamp ?? ''
    const last = points.at(-1)
    const at = timeOf(timestamp, zone, last?.at)
    if (at === null)
      throw row.bad(`timestamp "${timestamp}" is no time: 2026-01-15, 2026-01-15 14:00:00, or ISO 8601`)
    const value = numberIn(row, 'value')
    if (last !== undefined && at < last.at)
      throw row.bad(
        `timestamp ${timestamp} is before the one above it: sort the file by time; without an offset it is of --zone (${zone}), whose clocks may skip an hour`,
      )
    points.push({ timestamp, at, value })
  }
  return points
}
