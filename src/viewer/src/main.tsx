import { render } from "preact";
import { App } from "./app";
import { openPage } from "./data";
import { shell } from "./strings/shell";

const root = document.getElementById("root");
if (root) {
  void openPage().then(
    (page) => {
      root.textContent = "";
      render(<App page={page} />, root);
    },
    (fault: unknown) => {
      root.textContent = "";
      render(<Broken fault={String(fault)} />, root);
    },
  );
}

/** Stands alone where not even the first part of the data can be read: in both languages, for none is chosen. */
function Broken({ fault }: { fault: string }) {
  return (
    <main class="frame-main">
      {([shell.en, shell.zh] as const).map((words, index) => (
        <section key={index} lang={index === 0 ? "en" : "zh-Hans"}>
          <h1>{words.fileBroken}</h1>
          <p>
            {words.fileBrokenHelp} <code>{fault}</code>
          </p>
        </section>
      ))}
    </main>
  );
}
