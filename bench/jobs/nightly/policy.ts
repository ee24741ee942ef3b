/** How a night is judged; one set of figures for all series but for δ. */
export interface Policy {
  readonly window: number;
  readonly maxP: number;
  /** Evidence of a rise (times likelier) that fails a night, for each series judged in it and some more. */
  readonly evidence: number;
  readonly familyOffset: number;
  /** The share of spoiled nights that it is for; with more of them it falls by this power, to the most that counts. */
  readonly usualShare: number;
  readonly mostShare: number;
  readonly sharePower: number;
  /** A run warns from this part of what fails, and from this much at the latest. */
  readonly warnPart: number;
  readonly warnEvidence: number;
  /** Largest p at which slow decay fails a night, over all its series together. */
  readonly creepP: number;
  /** Nights for which a change is news. */
  readonly recentNights: number;
  /** Nights back to which a change may lie that shows itself only tonight. */
  readonly newsNights: number;
  /** Nights of the new level that it takes to fail a night, and the most that are looked at as one run. */
  readonly confirmNights: number;
  readonly longestRun: number;
  /** Nights of the old level without which nothing is judged. */
  readonly minBaseline: number;
  /** Nights after which an improvement is the level that a run is held against. */
  readonly betterBaseline: number;
  /** Most nights of the old level that a run is held against. */
  readonly baseline: number;
  /** ln of a shift that no spoiled nights explain: two nights of it fail whatever came before. */
  readonly largeShift: number;
}

export const DEFAULT_POLICY: Policy = {
  window: 50,
  maxP: 0.001,
  evidence: 110,
  familyOffset: 4,
  usualShare: 0.03,
  mostShare: 0.1,
  sharePower: 1.2,
  warnPart: 1 / 20,
  warnEvidence: 40,
  creepP: 0.001,
  recentNights: 5,
  newsNights: 15,
  confirmNights: 2,
  longestRun: 8,
  minBaseline: 8,
  betterBaseline: 15,
  baseline: 100,
  largeShift: Math.log(1.5),
};

/** Nights by which the place of a change may be off, or be seen elsewhere with other data. */
export const PLACE_TOLERANCE = 3;
