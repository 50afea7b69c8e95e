import type { Detector, DetectorName } from './detector.ts'
import { recordDetector } from './record.ts'
import { seasonalDetector } from './seasonal.ts'
import { zscoreDetector } from './zscore.ts'

const ALL: Readonly<Record<DetectorName, Detector<never>>> = {
  record: recordDetector() as Detector<never>,
  seasonal: seasonalDetector as Detector<never>,
  zscore: zscoreDetector as Detector<never>,
}

export const detectorOf = (name: DetectorName): Detector => ALL[name] as unknown as Detector
