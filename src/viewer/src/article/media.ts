// What the page is shown on: a narrow window, or paper.

import { useEffect, useState } from "preact/hooks";

/** Whether a media query fits, now and later. */
export function useMedia(query: string): boolean {
  const [fits, setFits] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = () => setFits(list.matches);
    follow();
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, [query]);
  return fits;
}

/** Whether the page is being printed: browsers tell by an event, by the medium, or by both. */
export function usePrinting(): boolean {
  const medium = useMedia("print");
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    const before = () => setAsked(true);
    const after = () => setAsked(false);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  return medium || asked;
}
