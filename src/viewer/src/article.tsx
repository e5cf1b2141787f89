// One article side by side: source, reference, and what up to four systems made of it.

import { useEffect, useMemo } from "preact/hooks";
import { DifferenceView } from "./article/DifferenceView";
import { outputEvidence, referenceEvidence } from "./article/evidence";
import { FactCard } from "./article/FactCard";
import { ArticleHeader, ArticleNavigation, JumpBar } from "./article/Header";
import { KeyPoints } from "./article/KeyPoints";
import { Legend } from "./article/Legend";
import { useOpened } from "./article/opened";
import { articleAddress, readPlace, tableAddress } from "./article/place";
import { usePointing } from "./article/pointing";
import { Prompts } from "./article/Prompts";
import { ReferenceColumn } from "./article/ReferenceColumn";
import { SourceColumn } from "./article/SourceColumn";
import { SystemColumn } from "./article/SystemColumn";
import { ArticleTools } from "./article/Tools";
import { forgetBlocks, openBlock, openCases } from "./data";
import type { ArticleDetail, CaseTable, Report } from "./model";
import { Note } from "./parts/Note";
import { Recorded } from "./parts/Recorded";
import { articleWords } from "./strings/articles";
import { replaceAddress, useView, wellFormed } from "./view";
import { useWords } from "./words";

/** The place "article". */
export function ArticleView({ report }: { report: Report }) {
  const words = useWords(articleWords);
  const { argument, options } = useView().route;
  const cases = useOpened(openCases, "cases");
  const table = cases.state === "open" ? cases.value : null;
  const index = useMemo(() => table?.articles.findIndex((article) => wellFormed(article.id) === argument) ?? -1, [table, argument]);
  const number = table && index >= 0 ? Math.floor(index / table.blockSize) : -1;
  const block = useOpened(() => openBlock(number), `block-${number}`, number >= 0);
  useEffect(() => {
    // Those beside it stay: the next article is often in one of them.
    if (number >= 0) forgetBlocks([number - 1, number, number + 1]);
  }, [number]);
  const broken = cases.state === "broken" ? cases : block.state === "broken" ? block : null;
  const detail = table && block.state === "open" ? block.value[index - number * table.blockSize] : undefined;
  if (broken) {
    return (
      <section class="article">
        <h1>{argument}</h1>
        <Note tone="bad" title={words.unreadable}>
          <Recorded text={broken.fault} />
        </Note>
      </section>
    );
  }
  if (table && (index < 0 || (block.state === "open" && !detail))) {
    return (
      <section class="article">
        <h1>{words.unknown(argument)}</h1>
        <a href={tableAddress(options)}>{words.back}</a>
      </section>
    );
  }
  if (!table || !detail) return <p role="status" data-testid="waiting">{words.loading}</p>;
  return <Article key={detail.id} report={report} table={table} index={index} detail={detail} />;
}

interface Properties {
  report: Report;
  table: CaseTable;
  index: number;
  detail: ArticleDetail;
}

function Article({ report, table, index, detail }: Properties) {
  const words = useWords(articleWords);
  const { language: pageLanguage, route } = useView();
  const { options } = route;
  const asked = options.toString();
  const place = useMemo(() => readPlace(options, detail, report), [asked, detail, report]);
  const [pointed, pointing] = usePointing();
  const { found, systems, diff } = place;
  const change = (changed: Record<string, string>) => replaceAddress(articleAddress(detail.id, options, changed));
  const reference = found?.references[place.reference];

  const row = useMemo(
    () =>
      found
        ? table.article.findIndex(
            (article, at) =>
              article === index && table.language[at] === found.language && table.repeat[at] === found.repeat,
          )
        : -1,
    [table, index, found],
  );
  const evidence = useMemo(
    () =>
      found
        ? [
            ...systems.flatMap((system) => {
              const output = found.outputs[system];
              return output ? outputEvidence(output, system) : [];
            }),
            ...(place.reference === 0 ? referenceEvidence(detail.faults, found.language) : []),
          ]
        : [],
    [found, systems, detail, place.reference],
  );
  // Pointing at a mark draws the card and the source anew, and not all the texts.
  const columns = useMemo(
    () =>
      found && (
        <>
          <ReferenceColumn
            key={`reference-${found.id}`}
            detail={detail}
            found={found}
            number={place.reference}
            setNumber={(number) => change({ reference: number ? String(number) : "" })}
            pointing={pointing}
            inLanguage={(language) => articleAddress(detail.id, options, { language, reference: "" })}
          />
          {systems.map((system) => (
            <SystemColumn
              key={`${system}-${found.id}`}
              systems={report.systems}
              scores={report.scores}
              found={found}
              system={system}
              first={systems[0]!}
              shared={place.ngrams && reference ? { text: reference.text, n: place.ngrams } : null}
              measured={(table.facts[system]?.[row] ?? null) !== null}
              pointing={pointing}
            />
          ))}
        </>
      ),
    [place, detail, report, table, row, pointing, reference, pageLanguage],
  );
  return (
    <section class="article" data-testid="article-view">
      <ArticleNavigation table={table} index={index} options={options} />
      <ArticleHeader detail={detail} />
      <ArticleTools report={report} detail={detail} place={place} change={change} />
      <Legend evidence={evidence} />
      <JumpBar systems={systems.map((system) => ({ system, label: report.systems[system]!.label }))} />
      <div class="side-by-side" data-systems={systems.length}>
        <SourceColumn detail={detail} pointed={pointed} />
        <div class="texts">
          {columns ?? <Note>{words.noLanguage}</Note>}
        </div>
      </div>
      {found && diff && (
        <DifferenceView
          systems={report.systems}
          from={diff[0]}
          to={diff[1]}
          texts={[found.outputs[diff[0]]?.text ?? null, found.outputs[diff[1]]?.text ?? null]}
          language={found.language}
        />
      )}
      {found && reference && (
        <KeyPoints reference={reference} systems={report.systems} shown={systems} language={found.language} />
      )}
      {found && <Prompts key={found.id} systems={report.systems} shown={systems} outputs={found.outputs} />}
      {pointed && !pointed.away && <FactCard pointed={pointed} pointing={pointing} />}
    </section>
  );
}
