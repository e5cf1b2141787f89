// What the reader chooses in an article: language, repeat, systems, and how words are compared.

import type { ArticleDetail, Report } from "../model";
import { spelled } from "../marks";
import { Choice } from "../parts/Choice";
import { articleWords } from "../strings/articles";
import { Plain } from "../text";
import { useWords } from "../words";
import { MOST, type ArticlePlace } from "./place";

interface Properties {
  report: Report;
  detail: ArticleDetail;
  place: ArticlePlace;
  change(changed: Record<string, string>): void;
}

export function ArticleTools({ report, detail, place, change }: Properties) {
  const words = useWords(articleWords);
  const { found, systems } = place;
  const languages = [...new Set(detail.cases.map((one) => one.language))];
  const repeats = detail.cases.filter((one) => one.language === found?.language).map((one) => one.repeat);
  return (
    <div class="article-tools">
      <div class="toolbar">
        {languages.length > 1 && (
          <div class="field">
            <span class="label">{words.target}</span>
            <Choice
              label={words.target}
              testid="target-language"
              value={found?.language ?? ""}
              choose={(language) => change({ language, reference: "" })}
              options={languages.map((code) => ({ value: code, text: words.languageName(code) }))}
            />
          </div>
        )}
        {repeats.length > 1 && (
          <div class="field">
            <label for="article-repeat">{words.repeat}</label>
            <select
              id="article-repeat"
              data-testid="article-repeat"
              value={String(found?.repeat ?? 0)}
              onChange={(event) => change({ repeat: event.currentTarget.value })}
            >
              {repeats.map((repeat) => (
                <option key={repeat} value={String(repeat)} selected={repeat === found?.repeat}>
                  {repeat + 1}
                </option>
              ))}
            </select>
          </div>
        )}
        {report.systems.length > 1 && <Systems report={report} systems={systems} change={change} />}
      </div>
      <fieldset class="toolbar compare-words">
        <legend class="visually-hidden">{words.compareWords}</legend>
        <Ngrams place={place} change={change} />
        {report.systems.length > 1 && <Diff report={report} place={place} change={change} />}
      </fieldset>
    </div>
  );
}

function Systems({ report, systems, change }: Pick<Properties, "report" | "change"> & { systems: number[] }) {
  const words = useWords(articleWords);
  return (
    <div class="field">
      <span class="label">
        {words.shown} {report.systems.length > MOST && <span class="soft">({words.most})</span>}
      </span>
      <div class="chips" role="group" aria-label={words.shown} data-testid="article-systems">
        {report.systems.map((system, index) => {
          const on = systems.includes(index);
          const next = on ? systems.filter((one) => one !== index) : [...systems, index];
          return (
            <button
              key={index}
              type="button"
              class="chip"
              aria-pressed={on}
              disabled={on ? systems.length === 1 : systems.length >= MOST}
              onClick={() => change({ systems: next.sort((one, other) => one - other).join() })}
            >
              <Plain text={system.label} />
            </button>
          );
        })}
      </div>
    </div>
  );
}

const USUAL_NGRAMS = 2;

function Ngrams({ place, change }: Pick<Properties, "place" | "change">) {
  const words = useWords(articleWords);
  return (
    <span class="tool">
      <label class="check">
        <input
          type="checkbox"
          data-testid="ngram-toggle"
          checked={place.ngrams > 0}
          onChange={(event) => change({ ngrams: event.currentTarget.checked ? String(USUAL_NGRAMS) : "" })}
        />
        <span class={place.ngrams > 0 ? "shared-words" : ""}>{words.ngrams}</span>
      </label>
      {place.ngrams > 0 && (
        <select
          aria-label={words.ngramLength}
          data-testid="ngram-length"
          value={String(place.ngrams)}
          onChange={(event) => change({ ngrams: event.currentTarget.value })}
        >
          {[1, 2, 3, 4].map((n) => (
            <option key={n} value={String(n)} selected={n === place.ngrams}>
              {words.ngramWords(n)}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}

function Diff({ report, place, change }: Pick<Properties, "report" | "place" | "change">) {
  const words = useWords(articleWords);
  const { diff, systems } = place;
  const first = systems[0]!;
  const usual = [first, systems[1] ?? report.systems.findIndex((_, index) => index !== first)];
  const select = (label: string, testid: string, value: number, choose: (system: number) => void) => (
    <select
      aria-label={label}
      data-testid={testid}
      value={String(value)}
      onChange={(event) => choose(Number(event.currentTarget.value))}
    >
      {report.systems.map((system, index) => (
        <option key={index} value={String(index)} selected={index === value}>
          {spelled(system.label)}
        </option>
      ))}
    </select>
  );
  // Choosing the same system twice turns the two about.
  const set = (from: number, to: number) =>
    change({ diff: from === to && diff ? `${diff[1]},${diff[0]}` : `${from},${to}` });
  return (
    <span class="tool">
      <label class="check">
        <input
          type="checkbox"
          data-testid="diff-toggle"
          checked={diff !== null}
          onChange={(event) => change({ diff: event.currentTarget.checked ? usual.join() : "" })}
        />
        {words.diff}
      </label>
      {diff && (
        <>
          {select(words.diffFrom, "diff-from", diff[0], (from) => set(from, diff[1]))}
          <span aria-hidden="true">→</span>
          {select(words.diffTo, "diff-to", diff[1], (to) => set(diff[0], to))}
        </>
      )}
    </span>
  );
}
