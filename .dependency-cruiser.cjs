// Imports point one way (docs/architecture.md): ui → model → engine protocol; http → apply and wall → reconciler → contract.
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contract-imports-nothing-of-ours',
      comment: 'The contract is shared by client and appservice and does no I/O.',
      severity: 'error',
      from: { path: '^appservice/contract/' },
      to: { pathNot: '^appservice/contract/|^node_modules/zod/' },
    },
    {
      name: 'reconciler-is-pure',
      comment: 'No I/O, no SDK, no database: the plan is a function of what it is given.',
      severity: 'error',
      from: { path: '^appservice/src/reconciler/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot:
          '^appservice/(contract|src/reconciler|src/organisation/directory\\.ts|src/matrix/ports\\.ts)|^node_modules/(zod|json-canonicalize)/|^(node:)?crypto$',
      },
    },
    {
      name: 'only-http-knows-express',
      severity: 'error',
      from: { path: '^appservice/src/', pathNot: '^appservice/src/(http/|main\\.ts)' },
      to: { path: '^node_modules/(express|helmet|express-rate-limit|pino-http)/' },
    },
    {
      name: 'only-the-adapter-knows-the-bridge',
      severity: 'error',
      from: { path: '^appservice/src/', pathNot: '^appservice/src/matrix/' },
      to: { path: '^node_modules/matrix-appservice-bridge/' },
    },
    {
      name: 'inner-parts-do-not-know-http',
      severity: 'error',
      from: {
        path: '^appservice/src/(organisation|reconciler|matrix|apply|moderation|wall|audit|store|people|conversations|agreements)/',
      },
      to: { path: '^appservice/src/http/' },
    },
    {
      name: 'client-and-appservice-share-only-the-contract',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(appservice/src|synapse-config|test)/' },
    },
    {
      name: 'appservice-does-not-know-the-client',
      severity: 'error',
      from: { path: '^appservice/' },
      to: { path: '^client/' },
    },
    {
      name: 'only-encryption-knows-the-sdk',
      comment:
        'It is by far the largest part of the client, and loaded late (docs/adr/0017-cryptography-without-the-client.md).',
      severity: 'error',
      from: { path: '^client/src/', pathNot: '^client/src/engine/encryption/|\\.test\\.ts$' },
      to: { path: '^node_modules/(matrix-js-sdk|@matrix-org)/' },
    },
    {
      name: 'model-has-no-view',
      severity: 'error',
      from: { path: '^client/src/model/' },
      to: { path: '^client/src/ui/' },
    },
    {
      name: 'ui-reaches-the-engine-only-through-the-model',
      severity: 'error',
      from: { path: '^client/src/ui/' },
      to: { path: '^client/src/engine/', pathNot: '^client/src/engine/(protocol|rich-text)\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(client/dist|client/src/i18n/generated|\\.local)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'svelte', 'default', 'types'],
      extensions: ['.ts', '.svelte', '.js'],
    },
  },
};
