import type { ResolveHook } from 'node:module'

/** Where this program's own parts are: the folder that `plugins/` is in. */
const ROOT = new URL('../../../', import.meta.url)

/**
 * `stratum/plugins…` for a connector that lies where no such package is installed. An installed one comes first.
 * The same names are in `exports` of package.json.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context)
  } catch (error) {
    const [, name] = /^stratum\/(plugins(?:\/[\w/-]+)?)$/.exec(specifier) ?? []
    if (name === undefined) throw error
    const file = name.startsWith('plugins/records/') ? `${name}.js` : `${name}/index.js`
    return next(new URL(file, ROOT).href, context)
  }
}
