/* Says what the page library says by itself in the language of the page.

   `pairs` holds what the library says and what the page says instead; `{about}` stands for any
   words and `{date}` for a day. What we wrote ourselves is left alone. */
(language, pairs) => {
  const NAMES = ["aria-label", "title", "placeholder", "alt"];
  const OURS = '[data-testid="stHtml"], [data-testid="stMarkdownContainer"], script, style';
  const WRITTEN = '[data-testid="stHtml"]';
  const UPLOADER = '[data-testid="stFileUploader"]';
  const literal = words => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const rules = pairs.map(([theirs, ours]) => ({
    pattern: new RegExp(`^${literal(theirs).replace(/\\\{(?:about|date)\\\}/, "(.*)")}$`),
    ours: told => ours.replace("{about}", told).replace("{date}", () =>
      new Date(told).toLocaleDateString(language, { dateStyle: "long" })),
  }));
  const state = (window.paybatchWords ??= { said: new WeakMap() });
  state.observer?.disconnect();

  const instead = words => {
    for (const rule of rules) {
      const found = rule.pattern.exec(words);
      if (found) return rule.ours(found[1] ?? "");
    }
    return words;
  };
  const say = (node, name, now, put) => {
    if (!now) return;
    const before = state.said.get(node) ?? {};
    const theirs = before[name]?.ours === now ? before[name].theirs : now;
    const ours = instead(theirs);
    if (ours !== now) put(ours);
    if (ours === theirs) delete before[name];
    else state.said.set(node, { ...before, [name]: { theirs, ours } });
  };
  const text = node => {
    const parent = node.parentElement;
    if (!parent?.closest(OURS) || parent.closest(UPLOADER)) {
      say(node, "text", node.data, ours => (node.data = ours));
    }
  };
  const element = found => {
    if (found.closest(WRITTEN)) return;
    for (const name of NAMES) {
      say(found, name, found.getAttribute(name), ours => found.setAttribute(name, ours));
    }
  };
  const all = root => {
    if (root.nodeType === Node.TEXT_NODE) text(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    const inside = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = inside.currentNode; node; node = inside.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) text(node);
      else element(node);
    }
  };
  document.documentElement.lang = language;
  all(document.body);
  state.observer = new MutationObserver(changes => {
    for (const change of changes) {
      if (change.type === "attributes") element(change.target);
      else if (change.type === "characterData") text(change.target);
      else change.addedNodes.forEach(all);
    }
  });
  state.observer.observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: NAMES,
  });
}
