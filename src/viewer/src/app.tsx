// The frame of the page: header with language and theme, navigation, and the place that the address names.

import { useEffect, useMemo, useState } from "preact/hooks";
import { ArticleView } from "./article";
import { Articles } from "./articles";
import { Compare } from "./compare";
import { focusHeading } from "./focus";
import { HistoryPage } from "./history";
import { Licences } from "./licences";
import { remembered, remember } from "./memory";
import { MethodView } from "./method";
import type { Page, Report } from "./model";
import { Overview } from "./overview";
import { Choice } from "./parts/Choice";
import { Guard } from "./parts/Guard";
import { shell } from "./strings/shell";
import { Plain } from "./text";
import { address, parse, useView, ViewContext, type Place, type Route, type Theme } from "./view";
import { useWords, type Language } from "./words";

export function App({ page }: { page: Page }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [chosen, setTheme] = useState<Theme>(firstTheme);
  // Paper is light.
  const theme = usePrinting() ? "light" : chosen;
  const route = useRoute();
  const view = useMemo(() => ({ language, theme, setLanguage, setTheme, route }), [language, theme, route]);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
    remember("language", language);
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => remember("theme", chosen), [chosen]);
  return (
    <ViewContext.Provider value={view}>
      <Frame page={page} />
    </ViewContext.Provider>
  );
}

function Frame({ page }: { page: Page }) {
  const words = useWords(shell);
  const { route } = useView();
  const title = page.kind === "history" ? words.history : placeTitle(words[route.place], route);
  useEffect(() => {
    document.title = visible(page.title === title ? title : `${title} · ${page.title}`);
  }, [title, page.title]);
  return (
    <>
      <a class="skip" href="#main" data-testid="skip" onClick={skip}>
        {words.skip}
      </a>
      <header class="frame-header">
        <div class="frame-bar">
          <div class="frame-title" data-testid="report-title">
            <Plain text={page.title} />
            {page.kind === "report" && <small>{words.report}</small>}
          </div>
          <Switches />
          {page.kind === "report" && <Navigation report={page} />}
        </div>
      </header>
      <main id="main" class="frame-main" tabIndex={-1}>
        <Guard key={standing(route)}>
          {page.kind === "history" ? <HistoryPage history={page} /> : <PlaceOf report={page} place={route.place} />}
        </Guard>
      </main>
      <footer class="frame-footer">
        <div data-testid="footer">
          <span>
            {words.madeBy} tercet {page.tercet}
          </span>
          <span>
            {words.madeWith} <code>{page.command}</code>
          </span>
        </div>
        <Licences />
      </footer>
    </>
  );
}

function PlaceOf({ report, place }: { report: Report; place: Place }) {
  switch (place) {
    case "overview":
      return <Overview report={report} />;
    case "compare":
      return <Compare report={report} />;
    case "articles":
      return <Articles report={report} />;
    case "article":
      return <ArticleView report={report} />;
    case "method":
      return <MethodView report={report} />;
  }
}

function Navigation({ report }: { report: Report }) {
  const words = useWords(shell);
  const { route } = useView();
  const places: Place[] = [
    "overview",
    ...(report.systems.length > 1 ? ["compare" as const] : []),
    "articles",
    "method",
  ];
  const current = route.place === "article" ? "articles" : route.place;
  return (
    <nav class="frame-nav" aria-label={words.navigation}>
      {places.map((place) => (
        <a
          key={place}
          href={address(place)}
          data-testid={`nav-${place}`}
          aria-current={place === current ? (place === route.place ? "page" : "true") : undefined}
        >
          {words[place]}
        </a>
      ))}
    </nav>
  );
}

function Switches() {
  const words = useWords(shell);
  const { language, theme, setLanguage, setTheme } = useView();
  return (
    <div class="frame-switches">
      <Choice
        label={words.language}
        value={language}
        choose={setLanguage}
        testid="language-switch"
        options={[
          { value: "en", text: "English", lang: "en" },
          { value: "zh", text: "中文", lang: "zh-Hans" },
        ]}
      />
      <Choice
        label={words.theme}
        value={theme}
        choose={setTheme}
        testid="theme-switch"
        options={[
          { value: "light", text: words.light },
          { value: "dark", text: words.dark },
        ]}
      />
    </div>
  );
}

/** Where one is: a place, or one of the articles. Which systems are compared is a choice within a place. */
function standing({ place, argument }: Route): string {
  return place === "article" ? `${place} ${argument}` : place;
}

/** The place of the address. Going elsewhere moves the focus to its heading; changed filters leave it alone. */
function useRoute(): Route {
  const [route, setRoute] = useState<Route>(() => parse(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parse(location.hash));
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const [first] = useState(route);
  useEffect(() => {
    if (route === first) return;
    window.scrollTo(0, 0);
    return focusHeading();
  }, [standing(route)]);
  return route;
}

/** The window's title can show no boxed names: what is invisible, or turns the text around, is left out. */
function visible(title: string): string {
  return title.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "");
}

/** Whether the page is being printed. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const print = matchMedia("print");
    const follow = () => {
      // At once: the browser does not wait for the next drawing.
      if (print.matches) document.documentElement.dataset.theme = "light";
      setPrinting(print.matches);
    };
    print.addEventListener("change", follow);
    return () => print.removeEventListener("change", follow);
  }, []);
  return printing;
}

function placeTitle(name: string, route: Route): string {
  return route.place === "article" ? `${name} ${route.argument}` : name;
}

/** The skip link does not change the address, which names the place. */
function skip(event: Event): void {
  event.preventDefault();
  focusHeading();
}

function firstLanguage(): Language {
  const chosen = remembered("language");
  if (chosen === "en" || chosen === "zh") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function firstTheme(): Theme {
  const chosen = remembered("theme");
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
