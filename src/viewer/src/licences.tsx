// The licences of the libraries in this file: they ask to go wherever the code goes.

import { useState } from "preact/hooks";
import { openLicences } from "./data";
import { shell } from "./strings/shell";
import { useWords } from "./words";

export function Licences() {
  const words = useWords(shell);
  const [text, setText] = useState<string>();
  const open = () => {
    if (text === undefined) void openLicences().then((found) => setText(found.text));
  };
  return (
    <div class="licence-texts">
      <details class="disclosure" data-testid="licence-texts" onToggle={open}>
        <summary>{words.licences}</summary>
        <pre class="licences" lang="en" tabIndex={0} role="region" aria-label={words.licences}>
          {text}
        </pre>
      </details>
    </div>
  );
}
