/** What platforms give as text made into values, and rows that cannot become records. */
export { exactJson } from './exact-json.ts'
export { type MakingOptions, made } from './made.ts'
export { email, phone } from './person.ts'
export { flag, money, needed, type Row, RowError, text, time } from './values.ts'
