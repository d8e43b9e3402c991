/** The views of the page: one is shown, the one that stands in the address. Must not know what is in them. */

const views = [...document.querySelectorAll<HTMLElement>("main > section")];

/** Shows the view of the address, now and at each change. `onShown` is told which. */
export function followAddress(onShown: (view: string) => void): void {
  const show = (): void => {
    const wanted = views.find(({ id }) => `#${id}` === location.hash) ?? views[0];
    for (const view of views) view.hidden = view !== wanted;
    for (const link of document.querySelectorAll("nav a")) mark(link, link.getAttribute("href") === `#${wanted?.id ?? ""}`);
    if (wanted !== undefined) onShown(wanted.id);
  };
  addEventListener("hashchange", show);
  show();
}

function mark(link: Element, isCurrent: boolean): void {
  if (isCurrent) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}
