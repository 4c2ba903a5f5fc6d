// The import table of the house. A room may import its own files and the doors named here, nothing else.
/** Every room that holds a part of the work itself; server and command line stand on all of them. */
const product = [
  'session',
  'intake',
  'audio',
  'speech',
  'text',
  'annotate',
  'knowledge',
  'scorecard',
  'risk',
  'pipeline',
  'queue',
  'store',
  'review',
  'report',
  'regression',
  'worker',
];

const table = {
  session: [],
  intake: ['session'],
  audio: ['session'],
  speech: ['session', 'audio'],
  text: ['session'],
  annotate: ['session', 'text', 'audio'],
  knowledge: ['session', 'text'],
  scorecard: ['session', 'text', 'knowledge'],
  risk: ['session'],
  pipeline: ['session', 'intake', 'audio', 'speech', 'text', 'annotate', 'knowledge', 'scorecard', 'risk'],
  queue: ['session'],
  store: ['session'],
  review: ['session', 'store', 'risk', 'scorecard'],
  report: ['session', 'store', 'review'],
  worker: [
    'session',
    'intake',
    'audio',
    'speech',
    'text',
    'annotate',
    'knowledge',
    'scorecard',
    'risk',
    'pipeline',
    'queue',
  ],
  regression: ['session', 'annotate', 'risk', 'pipeline', 'scorecard'],
  server: product,
  cli: [...product, 'server'],
  web: ['session'],
};

const rooms = Object.keys(table);
const forbidden = rooms.map((room) => {
  const allowed = [room, ...table[room]];
  return {
    name: `${room}-imports`,
    comment: `src/${room} may import ${table[room].length ? table[room].join(', ') : 'no other room'} (see docs/decisions/0001-house.md)`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
  };
});

export default {
  forbidden: [
    ...forbidden,
    {
      name: 'one-door',
      comment: 'A room is entered through its index.ts alone.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/([^/]+)/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/[^/]+/testing/'] },
    },
    {
      name: 'testing-for-tests',
      comment: 'Builders of test data are for tests alone; another room may use them, its shipped code may not.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^src/[^/]+/testing/' },
    },
    {
      name: 'unknown-room',
      comment: 'Every folder under src/ is a room of the table.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${rooms.join('|')})/` },
      to: {},
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency',
      comment: 'Shipped code imports no development dependency.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
