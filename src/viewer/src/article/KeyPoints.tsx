import type { Reference, System } from "../model";
import { ScrollRegion } from "../parts/ScrollRegion";
import { Section } from "../parts/Section";
import { articleWords } from "../strings/articles";
import { Plain } from "../text";
import { useWords } from "../words";

interface Properties {
  reference: Reference;
  systems: System[];
  shown: number[];
  language: string;
}

/** Which of the reference's key points each output has. */
export function KeyPoints({ reference, systems, shown, language }: Properties) {
  const words = useWords(articleWords);
  const { points } = reference;
  if (points.length === 0) return null;
  const measured = points.some((point) => point.covered.some((covered) => covered !== null));
  const columns = measured ? shown : [];
  return (
    <Section
      id="keypoints"
      title={words.keyPoints}
      lead={measured ? words.keyPointsHelp : words.keyPointsUnmeasured}
      testid="keypoints"
    >
      <ScrollRegion label={words.keyPoints}>
        <table class="figures keypoints-table">
          <caption class="visually-hidden">{words.keyPoints}</caption>
          <thead>
            <tr>
              <th scope="col" class="text">
                {words.point}
              </th>
              {columns.map((system) => (
                <th key={system} scope="col" class="text">
                  <Plain text={systems[system]!.label} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((point, index) => (
              <tr key={index}>
                <th scope="row" class="text">
                  {point.label && (
                    <strong>
                      <Plain text={point.label} lang={language} />
                    </strong>
                  )}
                  {point.text !== point.label && <Plain text={point.text} lang={language} />}
                </th>
                {columns.map((system) => (
                  <td key={system} class="text">
                    <Covered covered={point.covered[system] ?? null} why={point.why[system] ?? ""} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Section>
  );
}

function Covered({ covered, why }: { covered: boolean | null; why: string }) {
  const words = useWords(articleWords);
  const said = covered === null ? words.unknownPoint : covered ? words.covered : words.missed;
  const symbol = covered === null ? "–" : covered ? "✓" : "✗";
  return (
    <span class={`covered ${covered === null ? "soft" : covered ? "yes" : "no"}`}>
      <span>
        <span aria-hidden="true">{symbol} </span>
        {said}
      </span>
      {why && (
        <small class="soft" lang="en">
          <Plain text={why} />
        </small>
      )}
    </span>
  );
}
