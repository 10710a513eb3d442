// Gives a name to what ipywidgets leaves without one, for those who do not see the page; see base.py.
// scales: for each slider's label its step and, for a log slider, the base of its powers.
// ratio: the dots of the page's screen for one of the page, which only the page can tell; 1, or 2 on a fine screen.

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

// Tells a view's ratio, now and whenever its window moves to another screen or is zoomed; returns what ends that.
function measure(tell) {
  let query;
  const look = () => {
    query?.removeEventListener("change", look);
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener("change", look);
    tell(devicePixelRatio > 1 ? 2 : 1);
  };
  look();
  return () => query.removeEventListener("change", look);
}

export default () => {
  const ratios = new Map();  // of the explorer's views: the finest counts
  const render = ({ model, el }) => {
    let root, alive = true;
    const unmeasure = measure(ratio => {
      ratios.set(el, ratio);
      model.set("ratio", Math.max(...ratios.values()));
      model.save_changes();
    });
    const tell = () => name(root, model.get("scales"));
    const changes = new MutationObserver(tell), sizes = new ResizeObserver(tell);
    (function start() {  // the explorer around this view may not be there yet
      root = el.closest(".gdlib-explorer");
      if (!root) return alive && setTimeout(start, 50);
      tell();
      changes.observe(root, { subtree: true, childList: true, attributeFilter: ["aria-valuetext", "class"] });
      sizes.observe(root);
    })();
    return () => { alive = false; changes.disconnect(); sizes.disconnect(); unmeasure(); ratios.delete(el); };
  };
  return { render };
};
