/** The views of the page: one is shown, the one that stands in the address. Must not know what is in them. */

/** Not the ids of the views: the browser would scroll to them. */
const SUFFIX = "-view";
const views = [...document.querySelectorAll<HTMLElement>("main > section")];

/** Shows the view of the address, now and at each change. `onShown` is told which. */
export function followAddress(onShown: (view: string) => void): void {
  const show = (): void => {
    const wanted = views.find(({ id }) => id === `${location.hash.slice(1)}${SUFFIX}`) ?? views[0];
    const name = wanted?.id.slice(0, -SUFFIX.length) ?? "";
    for (const view of views) view.hidden = view !== wanted;
    for (const link of document.querySelectorAll("nav a")) mark(link, link.getAttribute("href") === `#${name}`);
    onShown(name);
  };
  addEventListener("hashchange", show);
  show();
}

function mark(link: Element, isCurrent: boolean): void {
  if (isCurrent) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}
