// Facts in lists: the way from one to its article.

import type { ListedFact } from "./model";
import { address } from "./view";

/** The address of the case that states a fact; its id ends with "#2" where it was asked for a second time. */
export function factAddress({ case: id, article, language }: ListedFact, systems = ""): string {
  const again = Number(id.slice(`${article}:${language}#`.length)) || 1;
  return address("article", article, { language, repeat: again > 1 ? String(again - 1) : "", systems });
}
