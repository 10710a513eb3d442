// Gives a name to what ipywidgets leaves without one, for those who do not see the page; see base.py.
// scales: for each slider's label its step and, for a log slider, the base of its powers.

function name(root, scales) {
  for (const handle of root.querySelectorAll(".noUi-handle")) {
    const label = handle.closest(".widget-slider")?.querySelector(".widget-label")?.textContent;
    set(handle, "aria-label", label);
    if (scales[label]) set(handle, "aria-valuetext", number(handle, scales[label], root.querySelector(`[title^="${label},"]`)));
  }
  for (const box of root.querySelectorAll("input[title]")) set(box, "aria-label", box.title);
  const play = root.querySelector(".widget-play button");
  if (play) set(play, "aria-label", play.querySelector(".fa-pause") ? "pause" : "play");
  for (const region of root.querySelectorAll(".gdlib-live")) set(region, "aria-live", "polite");
  for (const picture of root.querySelectorAll(".gdlib-picture .widget-html-content")) {
    set(picture, "tabindex", picture.scrollWidth > picture.clientWidth ? "0" : "-1");  // to be scrolled by keys
  }
}

// What a handle stands for: the number in its box, or, until the box has followed, that of its place.
function number(handle, { step, base }, box) {
  const text = handle.getAttribute("aria-valuetext");
  if (text !== handle.dataset.said) handle.dataset.place = text;  // the slider's own word: a place, or a power
  const place = Number(handle.dataset.place), typed = Number(box?.value.replace("−", "-"));
  const there = Math.abs((base ? Math.log(typed) / Math.log(base) : typed) - place) <= 0.51 * step;
  return handle.dataset.said = there ? box.value : `${Number((base ? base ** place : place).toPrecision(6))}`;
}

function set(node, attribute, value) {  // only what changes: the observer below sees it
  if (value && node.getAttribute(attribute) !== value) node.setAttribute(attribute, value);
}

export default {
  render({ model, el }) {
    let root, alive = true;
    const tell = () => name(root, model.get("scales"));
    const changes = new MutationObserver(tell), sizes = new ResizeObserver(tell);
    (function start() {  // the explorer around this view may not be there yet
      root = el.closest(".gdlib-explorer");
      if (!root) return alive && setTimeout(start, 50);
      tell();
      changes.observe(root, { subtree: true, childList: true, attributeFilter: ["aria-valuetext", "class"] });
      sizes.observe(root);
    })();
    return () => { alive = false; changes.disconnect(); sizes.disconnect(); };
  },
};
