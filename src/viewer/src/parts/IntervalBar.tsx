interface Properties {
  value: number;
  interval: [number, number] | null;
  /** From where to where the bar reaches: the same for all that are compared. */
  range: [number, number];
  best?: boolean;
}

/** A value and its interval, drawn to scale; the numbers stand in the text beside it. */
export function IntervalBar({ value, interval, range, best = false }: Properties) {
  const [low, high] = range;
  const at = (number: number) => `${high > low ? 3 + (94 * (number - low)) / (high - low) : 50}%`;
  return (
    <svg class={best ? "interval-bar best" : "interval-bar"} aria-hidden="true" focusable="false">
      <line class="track" x1="0" x2="100%" y1="5" y2="5" />
      {interval && (
        <>
          <line class="whisker" x1={at(interval[0])} x2={at(interval[1])} y1="5" y2="5" />
          <line class="whisker" x1={at(interval[0])} x2={at(interval[0])} y1="2" y2="8" />
          <line class="whisker" x1={at(interval[1])} x2={at(interval[1])} y1="2" y2="8" />
        </>
      )}
      <circle class="point" cx={at(value)} cy="5" r="3" />
    </svg>
  );
}
