import { count } from "../figures";
import type { Method } from "../model";
import { Section } from "../parts/Section";
import { compareWords } from "../strings/compare";
import { address } from "../view";
import { useWords } from "../words";

/** How the differences were tested, in a paragraph. */
export function Tested({ method }: { method: Method }) {
  const words = useWords(compareWords);
  const permutations = method.exact ? words.exact : words.drawnPermutations(count(method.replicates));
  const level = `${+(method.level * 100).toFixed(2)}%`;
  const tests = count(method.tests);
  return (
    <Section id="compare-tested" title={words.testedTitle}>
      <p class="compare-tested">
        {words.tested(permutations, count(method.resamples), level, String(method.alpha), String(method.seed))}{" "}
        {words[`correction_${method.correction}`]}
        {method.correction === "none" ? words.uncorrected(tests) : words.over(tests, count(method.pairs))}{" "}
        {method.on === "common" && words.onCommon} <a href={address("method")}>{words.more}</a>
      </p>
    </Section>
  );
}
