import { useEffect, useState } from "preact/hooks";

const PAGE = "(min-width: 800px)";

/** Whether there is room for the calls beside the phone; the same width as in `phone.css`. */
export function useIsPage(): boolean {
  const [isPage, setIsPage] = useState(() => matchMedia(PAGE).matches);
  useEffect(() => {
    const query = matchMedia(PAGE);
    const changed = () => setIsPage(query.matches);
    changed();
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return isPage;
}
