/** What the rest of the engine uses of its configuration. */
export { readConfigMap } from './file.ts'
export { type DeepPartial, type LoadOptions, loadConfig } from './load.ts'
export { merge } from './pointer.ts'
export { redact, secretPaths } from './secrets.ts'
export { parseSets } from './sets.ts'
export { SETTINGS_SCHEMA, type Settings } from './settings.ts'
export { didYouMean } from './suggest.ts'
export { validate } from './validate.ts'
