/** How the subscription of the page stands. */
export interface StreamState {
  readonly phase: 'idle' | 'connecting' | 'live' | 'reconnecting' | 'ended';
  readonly events: number;
  /** How often it went on where it had been broken. */
  readonly resumed: number;
  /** How often the server said that something was missed for good. */
  readonly gaps: number;
  /** When anything came last, heartbeats included. */
  readonly heardAt: Date | null;
}

export const idleStream: StreamState = { phase: 'idle', events: 0, resumed: 0, gaps: 0, heardAt: null };
