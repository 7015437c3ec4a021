/** What people do to a route that runs. */
export const operationKinds = ['pause', 'resume', 'resnapshot', 'replay', 'discard'] as const;

export type OperationKind = (typeof operationKinds)[number];

/** Those that change how a route runs; the others are about its dead letters. */
export type RunOperationKind = Exclude<OperationKind, 'replay' | 'discard'>;
