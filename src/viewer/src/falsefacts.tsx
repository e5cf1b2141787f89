// False facts of each system, counted; mistakes of the references beside them.

import { count, NONE } from "./figures";
import type { Report } from "./model";
import { Note } from "./parts/Note";
import { Recorded } from "./parts/Recorded";
import { ScrollRegion } from "./parts/ScrollRegion";
import { SystemName } from "./parts/SystemName";
import { verdict } from "./strings/verdict";
import { address } from "./view";
import { useWords } from "./words";

/** How many false facts each system states, and in how many cases. */
export function FalseFacts({ report }: { report: Report }) {
  const words = useWords(verdict);
  const measured = report.facts.some((facts) => facts.measured);
  const found = report.facts.some((facts) => facts.cases > 0);
  return (
    <section data-testid="false-facts">
      <h2>{words.factsTitle}</h2>
      <p class="place-lead small">{words.factsLead}</p>
      {measured && (
        <ScrollRegion label={words.factsCaption}>
          <table class="figures false-facts">
            <caption class="visually-hidden">{words.factsCaption}</caption>
            <thead>
              <tr>
                <th scope="col" class="text">
                  {words.system}
                </th>
                <th scope="col">{words.contradicted}</th>
                <th scope="col">{words.malformed}</th>
                <th scope="col">{words.notFound}</th>
                <th scope="col">{words.casesWith}</th>
              </tr>
            </thead>
            <tbody>
              {report.systems.map((system, index) => {
                const facts = report.facts[index];
                return (
                  <tr key={system.folder}>
                    <th scope="row">
                      <SystemName system={system} />
                    </th>
                    {facts?.measured ? (
                      <>
                        <td class={facts.contradicted > 0 ? "bad-number" : undefined}>{count(facts.contradicted)}</td>
                        <td class={facts.malformed > 0 ? "bad-number" : undefined}>{count(facts.malformed)}</td>
                        <td>{count(facts.notFound)}</td>
                        <td>{words.of(count(facts.cases), count(system.cases))}</td>
                      </>
                    ) : (
                      <td colSpan={4}>
                        {NONE} <span class="soft small">{words.notMeasured}</span>
                      </td>
                    )}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {!measured && (
        <p>
          {NONE} {words.notMeasured}
        </p>
      )}
      {found && (
        <p class="after-table">
          <a href={address("articles", "", { facts: "yes" })} data-testid="facts-link">
            {words.factsLink}
          </a>
        </p>
      )}
      <Audit report={report} />
    </section>
  );
}

function Audit({ report }: { report: Report }) {
  const words = useWords(verdict);
  const { faults, articles, checked, reason } = report.audit;
  return (
    <Note tone={reason !== null ? "plain" : faults > 0 ? "doubt" : "plain"} title={words.auditTitle} testid="audit">
      {reason !== null ? (
        <p>
          {words.auditNot} <Recorded text={reason} />
        </p>
      ) : faults > 0 ? (
        <p>
          {words.auditFound(count(faults), count(articles), count(checked))}{" "}
          <a href={address("articles", "", { audit: "yes" })}>{words.auditLink}</a>
        </p>
      ) : (
        <p>{words.auditNone(count(checked))}</p>
      )}
    </Note>
  );
}
