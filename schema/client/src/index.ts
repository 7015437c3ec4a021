// The one entry of a published package: what its users import.
// biome-ignore-start lint/performance/noBarrelFile: the entry of a published package
// biome-ignore-start lint/performance/noReExportAll: the generated files hold nothing that is not for users
export { createSpineClient, type SpineClient, type SpineClientOptions } from './create-spine-client.ts';
export * from './generated/error-codes.ts';
export * as Graph from './generated/graph-types.ts';
export * from './generated/operations.ts';
export { type Gap, resumeSubscription, SubscriptionRefused } from './resume-subscription.ts';
export { createEventStreamClient } from './resume-subscription-events.ts';
export { type CursorStore, memoryCursorStore, storageCursorStore } from './resume-subscription-store.ts';
export { type GraphError, SpineError } from './spine-error.ts';
export type { TypedDocument } from './typed-document.ts';
// biome-ignore-end lint/performance/noReExportAll: the generated files hold nothing that is not for users
// biome-ignore-end lint/performance/noBarrelFile: the entry of a published package
