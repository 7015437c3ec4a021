/** What people do to a route that runs. */
export const operationKinds = ['pause', 'resume', 'resnapshot'] as const;

export type OperationKind = (typeof operationKinds)[number];
