// A marked word opens its explanation on a click by itself; here also on hover and on keyboard
// focus. The pointer may move into the explanation, and Escape closes it (WCAG 1.4.13).
if (!window.pbTerms) {
  window.pbTerms = true;
  const OPEN_AFTER_MS = 250;
  const CLOSE_AFTER_MS = 200;
  let hovered = null;
  let opening;
  let closing;

  const word = (node) => node.closest?.(".pb-term");
  const meaning = (opener) => document.getElementById(opener.getAttribute("popovertarget"));
  const open = (opener) => {
    if (!opener.isConnected || document.querySelector(".pb-pop:popover-open")) return;
    meaning(opener)?.showPopover({ source: opener });
  };
  const close = (opener) => {
    const shown = meaning(opener);
    if (shown?.matches(":popover-open")) shown.hidePopover();
    if (hovered === opener) hovered = null;
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const opener = word(event.target);
    if (hovered && (opener === hovered || meaning(hovered)?.contains(event.target))) {
      clearTimeout(closing);
      return;
    }
    if (hovered) {
      const left = hovered;
      clearTimeout(opening);
      clearTimeout(closing);
      closing = setTimeout(() => close(left), CLOSE_AFTER_MS);
    }
    if (opener) {
      hovered = opener;
      opening = setTimeout(() => open(opener), OPEN_AFTER_MS);
    }
  });
  document.addEventListener("focusin", (event) => {
    if (word(event.target)?.matches(":focus-visible")) open(event.target);
  });
  document.addEventListener("focusout", (event) => {
    if (word(event.target)) close(event.target);
  });
}
