"""What holds for every view: names for screen readers, contrast AA, one id for one element, nothing wider than the window."""

SCRIPT = r"""
const problems = [];
const seen = (element) => element.checkVisibility({opacityProperty: true, visibilityProperty: true});
const about = (element) => element.outerHTML.slice(0, 160);

// --- names ---
const named = (element) => Boolean(
  element.getAttribute('aria-label') || element.labels?.length || element.textContent.trim() || element.getAttribute('alt') ||
  document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent.trim());
for (const element of document.querySelectorAll('button, a[href], input, select, textarea, [role=img], [role=region], [role=button], canvas, dialog, progress'))
  if (seen(element) && !named(element)) problems.push('no name: ' + about(element));
for (const image of document.querySelectorAll('img:not([alt])')) problems.push('no alt: ' + about(image));
const ids = new Set();
for (const {id} of document.querySelectorAll('[id]')) {
  if (ids.has(id)) problems.push('an id twice: ' + id);
  ids.add(id);
}
const levels = [...document.querySelectorAll('h1')].filter(seen);
if (levels.length !== 1) problems.push('there must be one h1, not ' + levels.length);

// --- contrast ---
const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = channels(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || !seen(element) || element.closest('svg, :disabled, script, noscript')) continue;
  const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) problems.push(`contrast ${ratio.toFixed(2)}: ${about(element)}`);
}

// --- layout ---
const wide = document.documentElement.scrollWidth - innerWidth;
if (wide > 0) problems.push(`the page is ${wide} px wider than the window`);
return problems.slice(0, 10);
"""
