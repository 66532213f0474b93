// Another language shows the same place of the page: the link to it takes the fragment along.

export function keepPlace(): void {
  const follow = ({ target }: Event) => {
    const link = target instanceof Element && target.closest<HTMLAnchorElement>("header a[hreflang]");
    if (link) Object.assign(link, { search: location.search, hash: location.hash });
  };
  // In this tab, in another one, by a menu.
  for (const type of ["click", "auxclick", "contextmenu"]) document.addEventListener(type, follow);
}
