import { count } from "../figures";
import type { Difference } from "../model";
import { compareWords } from "../strings/compare";
import { useWords } from "../words";

/** How many cases became better, stayed, became worse: numbers, and a bar with their shares. */
export function WinsBar({ difference, directed }: { difference: Difference; directed: boolean }) {
  const words = useWords(compareWords);
  const { wins, ties, losses } = difference;
  const total = wins + ties + losses;
  if (total === 0) return <>–</>;
  const share = (number: number) => `${(100 * number) / total}%`;
  return (
    <div class="wins">
      <span class="visually-hidden">{words.winsLabel(count(wins), count(ties), count(losses))}</span>
      <span aria-hidden="true" class="number">
        {count(wins)} / {count(ties)} / {count(losses)}
      </span>
      <svg class={directed ? "wins-bar" : "wins-bar undirected"} aria-hidden="true" focusable="false">
        <rect class="win" x="0" y="0" width={share(wins)} height="6" />
        <rect class="tie" x={share(wins)} y="0" width={share(ties)} height="6" />
        <rect class="loss" x={share(wins + ties)} y="0" width={share(losses)} height="6" />
      </svg>
    </div>
  );
}
