/** Told when a fetch from a subgraph starts; the returned function is called once with how it ended. */
export type FetchObserver = (subgraph: string) => (outcome: string) => void;
