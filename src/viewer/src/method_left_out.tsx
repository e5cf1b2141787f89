// Which articles and cases are not in the numbers, and why.

import { count } from "./figures";
import type { Report } from "./model";
import { Recorded } from "./parts/Recorded";
import { Section } from "./parts/Section";
import { Systems } from "./parts/Systems";
import { held } from "./sharing";
import { method } from "./strings/method";
import { useWords } from "./words";

export function LeftOut({ report }: { report: Report }) {
  const words = useWords(method);
  const blocks = [
    { title: words.heldApart, items: each(report.systems.map((system) => system.heldApart)) },
    { title: words.problems, items: each(report.systems.map((system) => system.problems)) },
    {
      title: words.failures,
      items: each(
        report.systems.map((system) =>
          Object.entries(system.failed).map(([reason, number]) => `${reason} (${count(number)})`),
        ),
      ),
    },
  ].filter((block) => block.items.length > 0);
  return (
    <Section id="left-out" title={words.outTitle}>
      {blocks.length === 0 ? (
        <p>{words.outNone}</p>
      ) : (
        blocks.map((block) => (
          <div key={block.title} class="left-out">
            <h3>{block.title}</h3>
            <ul class="plain-list">
              {block.items.map(({ value, systems }) => (
                <li key={`${value} ${systems.join()}`}>
                  <Recorded text={value} /> <Systems report={report} of={systems} bracketed />
                </li>
              ))}
            </ul>
          </div>
        ))
      )}
    </Section>
  );
}

/** Every entry of the systems' lists, with the systems that have it. */
function each(lists: readonly string[][]) {
  const entries = [...new Set(lists.flat())];
  return entries.flatMap((entry) => held(lists.map((list) => (list.includes(entry) ? entry : null))));
}
