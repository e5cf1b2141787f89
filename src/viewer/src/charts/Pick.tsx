// Choices above charts and tables: a score, a language, a system.

import { useId } from "preact/hooks";
import type { Score } from "../model";
import { languageName } from "../strings/shell";
import { chartWords } from "../strings/charts";
import { useView } from "../view";
import { useWords } from "../words";
import { visible } from "./labels";

interface Option {
  value: string;
  text: string;
}

interface PickProperties {
  label: string;
  value: string;
  options?: Option[];
  groups?: { label: string; options: Option[] }[];
  choose(value: string): void;
  testid?: string;
}

/** One of several, with its label. */
export function Pick({ label, value, options = [], groups = [], choose, testid }: PickProperties) {
  const id = useId();
  const draw = (option: Option) => (
    <option key={option.value} value={option.value} selected={option.value === value}>
      {option.text}
    </option>
  );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} data-testid={testid} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(draw)}
        {groups
          .filter((group) => group.options.length > 0)
          .map((group) => (
            <optgroup key={group.label} label={group.label}>
              {group.options.map(draw)}
            </optgroup>
          ))}
      </select>
    </div>
  );
}

/** A score's name with the direction that is better. */
export function scoreName(score: Score): string {
  return score.name + (score.higherIsBetter === null ? "" : score.higherIsBetter ? " ↑" : " ↓");
}

interface ScorePickProperties {
  scores: Score[];
  value: string;
  choose(name: string): void;
  testid?: string;
}

/** One of the scores, the main ones first. */
export function ScorePick({ scores, value, choose, testid }: ScorePickProperties) {
  const words = useWords(chartWords);
  const options = (headline: boolean) =>
    scores
      .filter((score) => score.headline === headline)
      .map((score) => ({ value: score.name, text: visible(scoreName(score)) }));
  const groups = [
    { label: words.headlines, options: options(true) },
    { label: words.others, options: options(false) },
  ];
  return <Pick label={words.score} value={value} groups={groups} choose={choose} testid={testid} />;
}

interface LanguagePickProperties {
  languages: string[];
  value: string;
  choose(language: string): void;
  testid?: string;
}

/** One of the target languages; nothing where there is only one. */
export function LanguagePick({ languages, value, choose, testid }: LanguagePickProperties) {
  const words = useWords(chartWords);
  const { language } = useView();
  if (languages.length < 2) return null;
  const options = languages.map((code) => ({ value: code, text: languageName(code, language) }));
  return <Pick label={words.language} value={value} options={options} choose={choose} testid={testid} />;
}
