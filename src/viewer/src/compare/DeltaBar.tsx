import type { Difference } from "../model";

interface Properties {
  difference: Difference;
  /** How far the axis reaches to both sides of 0. */
  reach: number;
}

/** A difference and its interval on an axis with 0 in the middle; the numbers stand in the cell beside it. */
export function DeltaBar({ difference, reach }: Properties) {
  const { delta, interval, outcome } = difference;
  if (delta === null) return null;
  const at = (number: number) => `${reach > 0 ? 50 + (47 * number) / reach : 50}%`;
  return (
    <svg class={`delta-bar ${outcome}`} aria-hidden="true" focusable="false">
      <line class="track" x1="0" x2="100%" y1="10" y2="10" />
      <line class="zero" x1="50%" x2="50%" y1="0" y2="20" />
      {interval && (
        <>
          <line class="whisker" x1={at(interval[0])} x2={at(interval[1])} y1="10" y2="10" />
          <line class="whisker" x1={at(interval[0])} x2={at(interval[0])} y1="6" y2="14" />
          <line class="whisker" x1={at(interval[1])} x2={at(interval[1])} y1="6" y2="14" />
        </>
      )}
      <circle class="point" cx={at(delta)} cy="10" r="4" />
    </svg>
  );
}
