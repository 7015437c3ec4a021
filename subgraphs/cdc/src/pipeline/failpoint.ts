/** The points of the pipeline at which a proof may kill a worker, in the order in which a batch passes them; the last two are those of a copy. */
export type Failpoint =
  | 'taken'
  | 'decided'
  | 'parked'
  | 'applied'
  | 'recorded'
  | 'committed'
  | 'acknowledged'
  | 'copying'
  | 'copied';

/** Called where the pipeline passes a point. Does nothing unless a proof has armed that point. */
export type PassFailpoint = (point: Failpoint) => void;
