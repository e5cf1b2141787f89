// What is above the texts: the way to other articles, what is known of this one, and jumps in narrow windows.

import type { ArticleDetail, CaseTable } from "../model";
import * as figures from "../figures";
import { articleWords } from "../strings/articles";
import { Plain } from "../text";
import { useWords } from "../words";
import { articleAddress, safeLink, tableAddress } from "./place";

interface NavigationProperties {
  table: CaseTable;
  index: number;
  options: URLSearchParams;
}

/** Back to the table, and to the articles before and after in the corpus. */
export function ArticleNavigation({ table, index, options }: NavigationProperties) {
  const words = useWords(articleWords);
  const before = table.articles[index - 1];
  const after = table.articles[index + 1];
  const kept = { reference: "", diff: options.get("diff") ?? "" };
  return (
    <nav class="article-nav" aria-label={words.around}>
      <a href={tableAddress(options)} data-testid="back-to-table">
        ← {words.back}
      </a>
      <span class="article-steps">
        {before && (
          <a class="button" href={articleAddress(before.id, options, kept)} data-testid="previous-article">
            ‹ {words.previous}
          </a>
        )}
        <span class="soft small">
          {words.position(figures.count(index + 1), figures.count(table.articles.length))}
        </span>
        {after && (
          <a class="button" href={articleAddress(after.id, options, kept)} data-testid="next-article">
            {words.next} ›
          </a>
        )}
      </span>
    </nav>
  );
}

/** The article's title and what is known of it. */
export function ArticleHeader({ detail }: { detail: ArticleDetail }) {
  const words = useWords(articleWords);
  const link = safeLink(detail.link);
  return (
    <header class="article-header">
      <h1>
        <Plain text={detail.title || detail.id} lang={detail.language} />
      </h1>
      <dl class="facts-line">
        <div>
          <dt>{words.id}</dt>
          <dd class="mono">
            <Plain text={detail.id} />
          </dd>
        </div>
        {detail.date && (
          <div>
            <dt>{words.date}</dt>
            <dd>
              <Plain text={detail.date.slice(0, 10)} />
            </dd>
          </div>
        )}
        {detail.author && (
          <div>
            <dt>{words.author}</dt>
            <dd>
              <Plain text={detail.author} />
            </dd>
          </div>
        )}
        {detail.tags.length > 0 && (
          <div>
            <dt>{words.tags}</dt>
            <dd>
              <Plain text={detail.tags.join(", ")} />
            </dd>
          </div>
        )}
        {detail.link && (
          <div>
            <dt>{words.link}</dt>
            <dd>
              {link ? (
                <a href={link} rel="noopener noreferrer">
                  <Plain text={detail.link} />
                </a>
              ) : (
                <Plain text={detail.link} />
              )}
            </dd>
          </div>
        )}
      </dl>
    </header>
  );
}

/** In narrow windows columns stand below each other: this leads to each. */
export function JumpBar({ systems }: { systems: { system: number; label: string }[] }) {
  const words = useWords(articleWords);
  const jump = (id: string) => {
    const heading = document.getElementById(`${id}-title`);
    heading?.scrollIntoView();
    heading?.focus({ preventScroll: true });
  };
  const targets = [
    { id: "column-source", label: words.source },
    { id: "column-reference", label: words.reference },
    ...systems.map(({ system, label }) => ({ id: `column-${system}`, label })),
  ];
  return (
    <nav class="jump-bar" aria-label={words.jump}>
      {targets.map((target) => (
        <button key={target.id} type="button" class="chip" onClick={() => jump(target.id)}>
          <Plain text={target.label} />
        </button>
      ))}
    </nav>
  );
}
