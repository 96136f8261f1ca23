"""Whether a page's texts can be read: none is cut off, none runs out of the page."""

from playwright.sync_api import Page

_CUT = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    const found = [];
    const name = element => element.dataset?.testid || element.className?.baseVal
        || element.className || element.tagName;
    if (main.scrollWidth > main.clientWidth + 1) {
        found.push(`the page is ${main.scrollWidth} px wide and ${main.clientWidth} px are there`);
    }
    const away = '[data-testid="stSidebar"][data-collapsed="true"]';
    const hidden = element => {
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        return style.visibility === 'hidden' || style.opacity === '0' || style.clip !== 'auto'
            || style.clipPath !== 'none' || (box.width <= 1 && box.height <= 1);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const parent = node.parentElement;
        if (!node.data.trim() || parent.closest('script, style, noscript, [aria-hidden="true"]')
            || parent.closest(away)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()].filter(box => box.width > 0);
        if (!boxes.length) continue;
        const left = Math.min(...boxes.map(box => box.left));
        const right = Math.max(...boxes.map(box => box.right));
        for (let box = parent; box && box !== document.body; box = box.parentElement) {
            if (hidden(box)) break;
            const flow = getComputedStyle(box).overflowX;
            if (flow === 'auto' || flow === 'scroll') break;
            if (flow === 'visible') continue;
            const edge = box.getBoundingClientRect();
            if (right > edge.right + 1.5 || left < edge.left - 1.5) {
                found.push(`"${node.data.trim()}" is cut by ${name(box)}`);
                break;
            }
        }
    }
    for (const input of main.querySelectorAll('input[type="number"], input[type="text"]')) {
        if (input.scrollWidth > input.clientWidth + 1 && !input.readOnly)
            found.push(`"${input.value}" does not fit into its field ${input.ariaLabel}`);
    }
    return found;
}"""

_COVERED = """() => {
    const found = [];
    for (const chart of document.querySelectorAll('.js-plotly-plot')) {
        const texts = [...chart.querySelectorAll('svg text')]
            .filter(text => text.textContent.trim() && text.getClientRects().length
                && getComputedStyle(text).opacity !== '0');
        const boxes = texts.map(text => text.getBoundingClientRect());
        boxes.forEach((a, i) => boxes.forEach((b, j) => {
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (i < j && wide > 2 && high > 3)
                found.push(`"${texts[i].textContent}" covers "${texts[j].textContent}"`);
        }));
    }
    return found;
}"""


def unreadable(page: Page) -> list[str]:
    """One line for every text that is cut off or covered, and for a page that is too wide."""
    return [*page.evaluate(_CUT), *page.evaluate(_COVERED)]
