import { isObject, type Json } from '../api/exact-json.ts'

/** Where a row is from, by the resource name of what it is about: `ads of account 1, customers/1/adGroupAds/2~3`. */
export const named =
  (list: string) =>
  (row: Json): string => {
    const names = Object.values(row).map(part => (isObject(part) ? part.resourceName : null))
    const [name] = names.filter(one => typeof one === 'string').sort((a, b) => b.length - a.length)
    return name === undefined ? list : `${list}, ${name}`
  }
