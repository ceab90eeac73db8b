/**
 * The dashboard's pages: their paths below the server's address. The dashboard routes by them, and the server answers every other
 * path with 404.
 */
export const PAGES = {
  runs: '/',
  run: '/runs/:id',
  compare: '/compare',
  studies: '/studies',
  study: '/studies/:id',
  datasets: '/datasets',
  dataset: '/datasets/:id',
  runners: '/runners',
  new: '/new',
  explorer: '/graphiql',
} as const;
