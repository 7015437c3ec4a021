/** An event was not accepted: `status` is the last HTTP answer, or null when there was none (see `cause`). */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly status: number | null;
  /** How many times the event was sent. */
  readonly attempts: number;

  constructor(status: number | null, attempts: number, cause?: unknown) {
    const answer = status === null ? 'no answer' : `HTTP ${status}`;
    super(`the event was not accepted: ${answer} after ${attempts} attempt${attempts === 1 ? '' : 's'}`, {
      cause,
    });
    this.status = status;
    this.attempts = attempts;
  }
}
