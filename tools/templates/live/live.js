// Moves the explorers of a page without Python: no kernel, no network. tools/live.py makes their frames.
// A setting is a list of places, one for each control, in the list of the values that are shipped.

(() => {
  const heads = {}, parts = {}, waiting = {}, folders = {};
  const here = () => document.currentScript?.src.replace(/[^/]*$/, "") ?? "";
  const key = setting => setting.join();

  window.gdlibLive ??= {
    head(name, head) {
      head.where = new Map(head.parts.flatMap((part, at) => part.map((setting, i) => [key(setting), [at, i]])));
      heads[name] = head;
      folders[name] = here();
    },
    part(name, at, part) {
      parts[`${name}-${at}`] = part;
      waiting[`${name}-${at}`]?.resolve();
    },
  };

  // A part is a script of its own: a page from a folder may not fetch.
  function load(name, at) {
    const id = `${name}-${at}`;
    if (!waiting[id]) {
      waiting[id] = {};
      waiting[id].done = new Promise((resolve, reject) => {
        waiting[id].resolve = resolve;
        const script = document.createElement("script");
        script.src = `${folders[name]}${id}.js`;
        script.onerror = () => { delete waiting[id]; reject(new Error(`${id}.js is not there`)); };
        document.head.append(script);
      });
    }
    return waiting[id].done;
  }

  async function picture(base64) {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: "image/png" }));
  }

  // The address: #eta=0.7&k=12 names the controls that are not as they start, and the main one.
  function written(head, setting) {
    const told = head.controls.flatMap(({ name, values, choice }, c) => {
      const value = values[setting[c]], plain = choice ? value : Number(Number(value).toPrecision(6));
      return c === head.main || setting[c] !== head.start[c] ? [`${name}=${encodeURIComponent(plain)}`] : [];
    });
    return told.join("&");
  }

  const same = (value, text) => `${value}`.normalize("NFKC") === text.normalize("NFKC");  // w11 is w₁₁

  function read(head, text) {
    const told = new URLSearchParams(text), wanted = head.start.map((at, c) => head.controls[c].values[at]);
    let any = false;
    head.controls.forEach(({ name, choice, values }, c) => {
      if (!told.has(name)) return;
      const value = choice ? values.find(each => same(each, told.get(name))) : Number(told.get(name) || NaN);
      if (value === undefined || Number.isNaN(value)) return;
      [wanted[c], any] = [value, true];
      for (const [i, at] of Object.entries(choice ? head.follow[c][values.indexOf(value)] ?? {} : {}))
        if (!told.has(head.controls[i].name)) wanted[i] = head.controls[i].values[at];
    });
    return any ? nearest(head, wanted) : null;
  }

  // The setting that is shipped and lies nearest to these values: choices first, the main control next.
  function nearest(head, wanted, settings = head.parts.flat()) {
    let best = null, least = Infinity;
    for (const setting of settings) {
      let far = 0;
      head.controls.forEach((control, c) => {
        const value = control.values[setting[c]];
        if (control.choice) far += value === wanted[c] ? 0 : 1000;
        else {
          const [first, last] = [control.values[0], control.values.at(-1)].map(each => scale(control, each));
          far += (c === head.main ? 3 : 1) * Math.abs(scale(control, value) - scale(control, wanted[c])) / (last - first || 1);
        }
      });
      if (far < least) [best, least] = [setting, far];
    }
    return best;
  }

  // What an address asks for, and this page does not hold: the shown setting is the nearest.
  function missing(head, text, setting) {
    const told = new URLSearchParams(text);
    return head.controls.flatMap(({ name, label, choice, values, said }, c) => {
      const wanted = told.get(name)?.trim(), value = values[setting[c]], shown = said[setting[c]];
      const is = (each, digits) => choice ? same(each, wanted) : Number(each.toPrecision(digits)) === Number(wanted);
      if (!wanted || is(value, 6) || is(value, 3)) return [];
      const symbol = label.match(/\S+$/)[0], where = values.some(each => is(each, 6)) ? " with these settings" : "";
      return [`This page has no ${symbol.length < 3 ? symbol : label} = ${wanted.slice(0, 20)}${where}; nearest: ${shown}.`];
    }).join(" ");
  }

  function scale(control, value) { return control.log ? Math.log10(value) : Number(value); }

  function mount(root) {
    const name = root.dataset.live, head = heads[name];
    if (!head || root.dataset.moves) return;
    root.dataset.moves = "yes";
    const find = selector => root.querySelector(selector);
    const canvas = find("canvas"), pen = canvas.getContext("2d"), still = find(".gl-picture img");
    const reading = find(".gl-reading"), details = find(".gl-details"), frame = find(".gl-picture");
    const grounds = new Map(), keys = new Map(), inputs = head.controls.map(({ name }) => find(`[data-control="${name}"]`));
    const k = head.controls.findIndex(control => control.name === "k");
    const note = find(".gl-note"), slide = root.closest(".reveal section");
    for (const box of slide ? [] : [frame, details]) {
      const swipe = document.createElement("p");
      swipe.className = "gl-swipe";
      box.before(swipe);
    }
    const linked = "page" in root.dataset, own = root.dataset.page === "#";
    const first = read(head, root.dataset.state ?? "");  // a slide begins with a setting of its own
    let now = head.start, asked = 0, timer = null, writing = null;
    [canvas.width, canvas.height] = head.size;

    const has = setting => head.where.has(key(setting));
    inputs.forEach((input, c) => {  // a rail ends where what is shipped ends
      const { values } = head.controls[c], ends = [values[0], values.at(-1)].map(each => scale(head.controls[c], each));
      if (input.type === "range" && values.length > 1) [input.min, input.max] = ends;
    });
    const put = (c, at) => now.map((each, i) => i === c ? at : each);
    const open = c => head.controls[c].values.map((_, at) => at).filter(at => has(put(c, at)));

    // Picture, reading, details and controls change together; a setting that was overtaken is not shown.
    async function show(setting, tell = true, said = "") {
      const turn = ++asked, [at, i] = head.where.get(key(setting)), before = now;
      now = setting;
      note.textContent = said;
      const below = head.grounds[at];
      try {
        for (const each of [at, below]) if (!parts[`${name}-${each}`]) await load(name, each);
      } catch (error) {
        if (turn !== asked) return;
        if (setting === before) throw error;  // nothing is shown yet
        now = before;
        note.textContent = `What belongs here is missing: ${error.message}.`;
        return settle();
      }
      const part = parts[`${name}-${at}`], [x, y, layer, keyed] = part.frames[i];
      const base = parts[`${name}-${below}`], [left, over, other] = base.frames[base.key];
      if (!grounds.has(below)) grounds.set(below, picture(base.ground));
      if (keyed && !keys.has(below)) keys.set(below, picture(other));
      const [ground, under, top] = await Promise.all(
        [grounds.get(below), keyed ? keys.get(below) : null, layer ? picture(layer) : null]);
      if (turn !== asked) return;
      pen.drawImage(ground, 0, 0);
      if (under) pen.drawImage(under, left, over);
      if (top) pen.drawImage(top, x, y);
      canvas.setAttribute("aria-label", part.readings[i]);
      reading.textContent = part.readings[i];
      const scrolled = [...details.querySelectorAll("[tabindex]")].map(box => box.scrollTop);
      details.innerHTML = part.details[i].map(row => part.pieces[row]).join("");
      details.querySelectorAll("[tabindex]").forEach((box, b) => { box.scrollTop = scrolled[b] ?? 0; });
      if (still) still.hidden = true;
      canvas.hidden = false;
      settle();
      if (tell && linked) {
        clearTimeout(writing);  // browsers refuse an address that changes as fast as a slider
        writing = setTimeout(address, 150);
      }
      root.dataset.shown = written(head, setting);
    }

    function settle() {
      head.controls.forEach((control, c) => {
        const input = inputs[c], places = open(c), value = control.values[now[c]];
        if (control.choice) {
          const reached = control.values.filter((each, at) => reach(c, at));
          if (input.type === "checkbox") input.checked = value;
          else {
            for (const option of input.options) option.disabled = !reached.includes(option.value);
            input.value = value;
          }
          input.disabled = reached.length < 2;
        } else {
          input.value = scale(control, value);
          input.setAttribute("aria-valuetext", control.said[now[c]]);
          input.parentNode.querySelector("b").textContent = control.said[now[c]];
          input.disabled = places.length < 2;
        }
        const elsewhere = control.values.length > 1 && !first ? "after “Back to the start”" : "in the notebook";
        input.parentNode.classList.toggle("gl-fixed", control.values.length < 2);
        input.parentNode.querySelector("i").textContent = input.disabled ? elsewhere : "";
      });
      for (const button of root.querySelectorAll("[data-press]")) {
        const preset = presets()?.[button.dataset.press];
        if (preset) [button.textContent, button.disabled] = [preset[0], !has(preset[1])];
        else if (head.turns[button.dataset.press]) off(button, !has(turned(button.dataset.press)));
        else if (button.dataset.press === "step") off(button, walks(now) && !has(put(k, now[k] + 1)));
      }
      const walk = head.walks.findIndex(([, start]) => start.every((at, c) => c === k || at === now[c]));
      if (head.walks.length) find(".gl-walks select").value = walk;
      reachable();
      if (slide && window.Reveal?.isReady?.()) fit();  // before, the deck measures all slides
    }

    // A button that turns itself off keeps the focus: the next press of the space bar is not for the page.
    function off(button, is) { button.setAttribute("aria-disabled", is); }

    function reachable() {  // what is wider than the page can be scrolled by keys
      for (const box of [frame, details]) {
        box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
        if (box.previousSibling.className === "gl-swipe") box.previousSibling.textContent = box.tabIndex < 0 ? "" : "swipe for the rest →";
      }
    }

    function fit() {  // controls come and go: the picture makes room for them
      const over = slide.scrollHeight - Reveal.getConfig().height;
      if (over > 0 && canvas.clientHeight) canvas.style.maxHeight = `${canvas.clientHeight - over}px`;
    }

    const choices = setting => setting.filter((_, c) => head.controls[c].choice).join();
    const presets = () => head.presets.find(([setting]) => choices(setting) === choices(now))?.[1];
    // A walk has every number of steps from 0 on, so the place of k is k.
    const walks = setting => setting && head.walks.some(([, start]) => start.every((at, c) => c === k || at === setting[c]));
    function walk() {  // where Step and Play go on: on the nearest walk
      if (walks(now)) return [now, ""];
      const starts = head.walks.map(([, start]) => start), values = now.map((at, c) => head.controls[c].values[at]);
      const start = nearest(head, values, starts), label = head.walks[starts.indexOf(start)][0];
      const there = start.map((at, c) => c === k ? now[k] : at);
      return [has(there) ? there : start, `The nearest walk: ${label}.`];
    }
    // Where a button leads that puts a control from each of its values to another.
    function turned(press) {
      const [c, to] = head.turns[press], { values } = head.controls[c];
      return put(c, values.indexOf(to[values[now[c]]]));
    }
    // What is said when another choice takes back what a slider was moved to: there is one picture for each place of one
    // slider, none for all places of several.
    function lost(c, led) {
      const own = head.controls[c].said[now[c]], follow = head.follow[c][now[c]] ?? {};
      const back = Object.entries(follow).some(([i, at]) => now[i] !== at)
        ? [`On this page ${own} is back where it started; in the notebook it stays where it was put.`] : [];
      const taken = head.controls.flatMap(({ label, choice, said }, i) =>
        choice || i in follow || led[i] === now[i] ? [] : [`On this page it is shown with ${label} ${said[led[i]]}.`]);
      return [...back, ...taken].join(" ");
    }
    // Where another choice leads: to the setting that is nearest, with the other choices as they are; a slider that
    // stands for something else then is where that is at the start.
    function reach(c, at) {
      const follow = head.follow[c][at] ?? {};
      const led = nearest(head, now.map((each, i) => head.controls[i].values[i === c ? at : follow[i] ?? each]));
      return choices(led) === choices(put(c, at)) ? led : null;
    }

    head.controls.forEach((control, c) => {
      const input = inputs[c];
      if (control.choice) {
        input.addEventListener("change", () => {
          stop();
          const value = input.type === "checkbox" ? input.checked : input.value;
          const led = reach(c, control.values.indexOf(value));
          if (led) show(led, true, lost(c, led));
        });
        return;
      }
      input.addEventListener("input", () => {
        if (c !== k) stop();
        const far = at => Math.abs(scale(control, control.values[at]) - Number(input.value));
        const at = open(c).reduce((best, each) => far(each) < far(best) ? each : best, now[c]);
        input.value = scale(control, control.values[at]);
        if (at !== now[c]) show(put(c, at));
      });
      input.addEventListener("keydown", event => {
        const places = open(c), at = places.indexOf(now[c]), leap = Math.max(1, Math.round(places.length / 10));
        const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: leap, PageDown: -leap };
        const to = { Home: 0, End: places.length - 1 }[event.key] ?? at + (steps[event.key] ?? NaN);
        if (Number.isNaN(to) || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        stop();
        show(put(c, places[Math.min(Math.max(to, 0), places.length - 1)]));
      });
    });

    function stop() {
      clearInterval(timer);
      timer = null;
      reading.setAttribute("aria-live", "polite");
      const play = find('[data-press="play"]');
      if (play) play.textContent = "Play";
    }

    function play() {
      if (timer) return stop();
      reading.setAttribute("aria-live", "off");  // not a sentence for each of eleven steps a second
      find('[data-press="play"]').textContent = "Pause";
      const [from, said] = walk(), next = () => put(k, now[k] + 1);
      now = from;
      show(has(next()) ? from : put(k, 0), true, said);
      timer = setInterval(() => has(next()) ? show(next(), true, said) : stop(), 90);
    }

    function step() {
      const [from, said] = walk();
      now = from;
      show(has(put(k, now[k] + 1)) ? put(k, now[k] + 1) : from, true, said);
    }

    function reset() {
      const [from, said] = has(put(k, 0)) ? [now, ""] : walk();
      now = from;
      show(put(k, 0), true, said);
    }

    root.addEventListener("click", event => {
      const press = event.target.closest("[data-press]")?.dataset.press;
      if (!press || event.target.closest('[aria-disabled="true"]')) return;
      if (press === "play") return play();
      stop();
      const does = { step, reset, start: () => show(first ?? head.start) }[press];
      does ? does() : show(head.turns[press] ? turned(press) : presets()[press][1]);
    });

    if (head.walks.length) {
      const select = find(".gl-walks select");
      select.append(new Option("choose a walk", -1, true));
      head.walks.forEach(([label], at) => select.append(new Option(label, at)));
      select.addEventListener("change", () => {
        stop();
        if (select.value >= 0) show(head.walks[select.value][1]);
      });
      find(".gl-walks").hidden = false;
    }

    function address() {
      try { history.replaceState(null, "", `#${written(head, now)}`); } catch { /* a page within a page may not */ }
      share();
    }

    const fields = {};
    function share() {
      if (!fields.link) return;
      const page = new URL(root.dataset.page, location.href);
      page.hash = written(head, now);
      // As high as the page is where its picture is as wide as an embedded one can be.
      const around = (own ? document.querySelector("main").offsetHeight : root.offsetHeight + 90) - frame.offsetHeight;
      const height = Math.round(around + 956 * head.size[1] / head.size[0] + 80);
      fields.link.value = page.href;
      fields.frame.value = `<iframe src="${page.href.replaceAll("&", "&amp;")}" title="${document.title.replaceAll('"', "&quot;")}" style="width: 100%; max-width: 980px; height: ${height}px; border: 0"></iframe>`;
    }

    if (linked) {
      const box = document.createElement("details");
      box.className = "gl-share";
      box.innerHTML = location.protocol === "file:" ? '<summary>Link to what is shown</summary>'
        + "<p>Put this file on a web server; then its link and its line to embed stand here.</p>"
        : '<summary>Link to what is shown</summary>'
        + '<label><span>link</span><input readonly name="link"><button type="button">Copy</button></label>'
        + '<label><span>to embed</span><input readonly name="frame"><button type="button">Copy</button></label>';
      for (const button of box.querySelectorAll("button")) {
        const field = fields[button.previousSibling.name] = button.previousSibling;
        button.title = `Copy the ${field.name === "link" ? "link" : "line to embed"}`;
        button.addEventListener("click", async () => {
          field.select();
          const written = navigator.clipboard?.writeText(field.value).then(() => true, () => false);
          if (!(await written || document.execCommand("copy"))) return;
          button.textContent = "Copied";
          setTimeout(() => { button.textContent = "Copy"; }, 2000);
        });
      }
      root.append(box);
      addEventListener("hashchange", () => {
        const told = location.hash.slice(1), led = told ? read(head, told) : head.start;
        if (led) show(led, false, missing(head, told, led)).then(address);
        else note.textContent = missing(head, told, now);
      });
    }
    new ResizeObserver(reachable).observe(frame);

    // On slides: a clicker's keys turn them, whatever has the focus; a range keeps its arrows.
    if (slide) {
      root.dataset.preventSwipe = "";
      root.addEventListener("keydown", event => {
        const { target } = event, range = target.type === "range";
        const turn = { PageDown: "next", PageUp: "prev", " ": range && (event.shiftKey ? "prev" : "next") }[event.key];
        if (turn) {
          event.preventDefault();
          target.blur();
          Reveal[turn]();
        }
        if (turn || event.key === " " || (target.matches("select") && event.key.startsWith("Arrow"))) event.stopPropagation();
      }, true);
      const answer = shown => event => {  // the answer to the question on the slide
        if (root.contains(event.fragment)) show(read(head, root.dataset[shown ? "then" : "state"]));
      };
      slide.closest(".reveal").addEventListener("fragmentshown", answer(true));
      slide.closest(".reveal").addEventListener("fragmenthidden", answer(false));
      slide.closest(".reveal").addEventListener("slidechanged", stop);
    }

    find(".gl-controls").hidden = false;
    const told = root.dataset.state ?? (linked ? location.hash.slice(1) : ""), asks = read(head, told);
    // To an explorer among other things a page scrolls; a frame would move the page around it.
    if (asks && linked && !own && window === window.top) root.scrollIntoView();
    return show(asks ?? head.start, false, missing(head, told, asks ?? head.start)).then(asks && linked ? address : share);
  }

  // Where one fails, its still stays, and all else goes on: a lecture waits for `ready`.
  const all = () => [...document.querySelectorAll(".gl[data-live]")].map(async root => {
    try { await mount(root); } catch (error) {
      console.error(error);
      root.querySelector(".gl-controls").hidden = true;
    }
  });
  const printed = /print-pdf/.test(location.search);  // paper has the stills
  const ready = () => { gdlibLive.ready = Promise.all(all()); };
  if (!printed) document.readyState === "loading" ? addEventListener("DOMContentLoaded", ready) : ready();
})();
