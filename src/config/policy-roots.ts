/** What lies under `data` of Behalf's own: no policy writes there, and no data of a configuration goes there. */
export const RESERVED_ROOTS: ReadonlySet<string> = new Set(['behalf', 'policies', 'rego', 'routes']);
