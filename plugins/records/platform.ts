import { string } from '../schema.ts'

/** Ad platforms by the names that tables and the API use. */
export const platform = string({ enum: ['meta', 'google', 'tiktok', 'snapchat'] })
