// The page of one execution. Everything that comes from the execution goes into text nodes, never into markup.
"use strict";
(() => {
  const STEP = 200; // Rows that a long list shows at first, and with each click on "more".
  const LINES = 400; // Lines of a payload that are shown at once.
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const svg = document.querySelector("#graph > svg");
  let selected = null; // The number of a visit, or the name of a state without one.

  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  // ---- Words ----

  function span(ms) {
    if (ms === 0) return "0s";
    const sign = ms < 0 ? "-" : "";
    let rest = Math.abs(ms);
    let text = "";
    for (const [unit, per] of [["d", 86400000], ["h", 3600000], ["m", 60000], ["s", 1000], ["ms", 1]]) {
      const count = Math.floor(rest / per);
      rest -= count * per;
      if (count) text += count + unit;
    }
    return sign + text;
  }
  const at = (ms) => (ms === null ? "" : (ms < 0 ? "" : "+") + span(ms));
  const times = (n) => (n === 1 ? "once" : n + " times");
  const TONES = { SUCCEEDED: "good", FAILED: "bad", TIMED_OUT: "bad", ABORTED: "warn", RUNNING: "busy" };

  function text(number) {
    if (number === null || number === undefined) return null;
    const kept = data.texts[number];
    return typeof kept === "string" ? { shown: kept, length: kept.length, whole: true }
      : { shown: kept.start, length: kept.length, whole: false };
  }
  const plain = (number) => { const found = text(number); return found ? found.shown + (found.whole ? "" : "…") : ""; };

  // ---- Payloads ----

  const TOKENS = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

  /** Indents JSON without reading numbers, which may have more digits than JavaScript keeps. */
  function indented(source) {
    const tokens = source.match(TOKENS) || [];
    const out = [];
    let depth = 0;
    const line = () => out.push(["", "\n" + "  ".repeat(Math.min(depth, 60))]);
    tokens.forEach((token, position) => {
      const next = tokens[position + 1];
      if (token === "{" || token === "[") {
        out.push(["", token]);
        if (next === "}" || next === "]") return;
        depth += 1;
        line();
      } else if (token === "}" || token === "]") {
        const previous = tokens[position - 1];
        if (previous !== "{" && previous !== "[") { depth -= 1; line(); }
        out.push(["", token]);
      } else if (token === ",") { out.push(["", ","]); line(); }
      else if (token === ":") out.push(["", ": "]);
      else if (token[0] === '"') out.push([next === ":" ? "k" : "s", token]);
      else out.push([/^[-\d]/.test(token) ? "n" : "l", token]);
    });
    return out;
  }

  function pre(found) {
    const box = el("pre", { tabindex: "0" });
    let isJson = found.whole;
    if (isJson) { try { JSON.parse(found.shown); } catch { isJson = false; } }
    const pieces = isJson ? indented(found.shown) : [["", found.shown]];
    const put = (from) => {
      let lines = 0;
      for (let at = from; at < pieces.length; at += 1) {
        const [kind, content] = pieces[at];
        box.append(kind ? el("span", { class: kind }, content) : content);
        if (content[0] === "\n" && (lines += 1) === LINES) {
          const more = el("button", { class: "link", onclick: () => { more.remove(); put(at + 1); } }, "… show more");
          box.append(more);
          return;
        }
      }
    };
    put(0);
    if (!found.whole) box.append(el("span", { class: "dim" }, `\n… cut: the payload has ${found.length} bytes`));
    return box;
  }

  function payload(name, number, isOpen = true) {
    const found = text(number);
    if (!found) return null;
    const box = el("details", { open: isOpen }, el("summary", {}, name));
    let isFilled = false;
    const fill = () => { if (!isFilled) { isFilled = true; box.append(pre(found)); } };
    if (isOpen) fill(); else box.addEventListener("toggle", fill);
    return box;
  }

  function failure(error, cause) {
    if (error === null && cause === null) return null;
    return el("div", {}, el("div", { class: "error" }, el("strong", {}, plain(error) || "(no error name)")),
      cause === null ? null : pre(text(cause)));
  }

  // ---- Header ----

  function header() {
    const pill = el("span", { class: "pill " + (TONES[data.status] || ""), id: "status" }, data.status);
    const facts = el("dl", { class: "facts" });
    const fact = (name, ...value) => facts.append(el("dt", {}, name), el("dd", {}, ...value));
    if (data.stateMachine) fact("State machine", data.stateMachine);
    fact("Started", data.startDate);
    if (data.stopDate) fact("Ended", data.stopDate, el("span", { class: "dim" }, "  after " + span(data.duration)));
    if (data.redriveCount) fact("Redriven", times(data.redriveCount));
    if (data.arn) fact("ARN", el("span", { class: "dim" }, data.arn));
    byId("header").append(
      el("div", { class: "top" }, el("h1", {}, data.name || "Execution"), pill, el("span", { class: "grow" }), themeButton()),
      facts,
      failure(data.error, data.cause) || "",
      payload("Input", data.input, false) || "",
      payload("Output", data.output, false) || "",
    );
    if (data.failedAssertion) {
      const box = byId("assertion");
      box.hidden = false;
      box.append(el("h2", { class: "bad" }, "The assertion that failed"), el("pre", { tabindex: "0" }, data.failedAssertion));
    }
  }

  function themeButton() {
    const root = document.documentElement;
    const names = ["auto", "light", "dark"];
    const keep = (name) => { try { localStorage.setItem("sfn-testkit-theme", name); } catch { /* A file may have no storage. */ } };
    const kept = () => { try { return localStorage.getItem("sfn-testkit-theme"); } catch { return null; } };
    const button = el("button", { id: "theme", onclick: () => show(names[(names.indexOf(button.value) + 1) % 3], true) });
    const show = (name, isChosen) => {
      button.value = name;
      button.textContent = "Theme: " + name;
      if (name === "auto") delete root.dataset.theme; else root.dataset.theme = name;
      if (isChosen) keep(name);
    };
    show(names.includes(kept()) ? kept() : "auto", false);
    return button;
  }

  // ---- Graph ----

  const stateOf = (name) => (data.states || []).findIndex((state) => state.name === name);
  const shapes = svg ? [...svg.querySelectorAll("g.state")] : [];
  const shapeOf = (id) => shapes.find((shape) => shape.dataset.state === String(id));

  function graph() {
    if (!svg) { byId("graph-hint").remove(); return; }
    svg.setAttribute("role", "group");
    shapes.forEach((shape, position) => {
      const state = data.states[shape.dataset.state];
      shape.setAttribute("role", "button");
      shape.setAttribute("tabindex", position === 0 ? "0" : "-1");
      shape.setAttribute("aria-label", `${state.name}, ${state.type}, ${wordsOf(state)}`);
      shape.addEventListener("click", () => { focusShape(shape); selectState(state.name); });
      shape.addEventListener("keydown", (event) => key(event, shape, state));
    });
    zoom();
  }

  function wordsOf(state) {
    const visits = visitsOf(state.name).length;
    if (state.look === "elsewhere") return "runs in executions of its own";
    if (!visits) return "never entered";
    const how = state.look.split(" ")[1];
    return "entered " + times(visits) + (how ? ", " + how : "");
  }

  function focusShape(shape) {
    shapes.forEach((other) => other.setAttribute("tabindex", other === shape ? "0" : "-1"));
    shape.focus({ preventScroll: true });
    shape.querySelector(".box").scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

  function key(event, shape, state) {
    if (event.key === "Enter" || event.key === " ") selectState(state.name);
    else if (event.key in ARROWS) { const next = nearest(shape, ARROWS[event.key]); if (next) focusShape(next); }
    else return;
    event.preventDefault();
  }

  /** The next state in a direction: what lies aside counts twice. */
  function nearest(shape, [dx, dy]) {
    const middle = (other) => { const box = other.querySelector(".box").getBBox(); return [box.x + box.width / 2, box.y + Math.min(box.height, 50) / 2]; };
    const [x, y] = middle(shape);
    let best = null;
    for (const other of shapes) {
      const [ox, oy] = middle(other);
      const ahead = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (other !== shape && ahead > 1 && (!best || ahead + 2 * aside < best.far)) best = { other, far: ahead + 2 * aside };
    }
    return best && best.other;
  }

  function zoom() {
    const width = svg.viewBox.baseVal.width;
    const height = svg.viewBox.baseVal.height;
    let scale = 1;
    const set = (to) => {
      scale = Math.min(3, Math.max(0.1, to));
      svg.setAttribute("width", width * scale);
      svg.setAttribute("height", height * scale);
    };
    const pane = byId("graph");
    const fit = () => set(Math.min(1, (pane.clientWidth - 2) / width, Math.max(pane.clientHeight, 300) / height));
    const button = (name, sign, act) => el("button", { "aria-label": name, title: name, onclick: act }, sign);
    byId("zoom").append(button("Smaller", "−", () => set(scale / 1.25)), button("Larger", "+", () => set(scale * 1.25)),
      button("Fit into the window", "Fit", fit), button("Full size", "1:1", () => set(1)));
    set(Math.min(1, Math.max(0.62, (pane.clientWidth - 2) / width)));
  }

  // ---- Details ----

  const visitsOf = (name) => data.visits.map((visit, number) => [visit, number]).filter(([visit]) => visit.name === name);

  function selectState(name) {
    const visits = visitsOf(name);
    const worst = visits.find(([visit]) => visit.how === "failed") || visits[0];
    select(worst ? worst[1] : name);
  }

  function select(what) {
    selected = what;
    const visit = typeof what === "number" ? data.visits[what] : null;
    const name = visit ? visit.name : what;
    shapes.forEach((shape) => {
      const isOn = name !== null && data.states[shape.dataset.state].name === name;
      shape.classList.toggle("on", isOn);
      shape.setAttribute("aria-pressed", isOn);
    });
    document.querySelectorAll(".row").forEach((row) => row.classList.toggle("on", Number(row.dataset.visit) === what));
    try { history.replaceState(null, "", what === null ? location.pathname + location.search : "#" + encodeURIComponent(visit ? "visit-" + what : "state-" + name)); } catch { /* Not in every viewer. */ }
    details(name, visit, what);
  }

  function details(name, visit, number) {
    const box = byId("details");
    box.replaceChildren();
    box.scrollTop = 0;
    if (name === null) {
      box.append(el("p", { class: "note" }, "No state is selected. Click one in the graph or in the timeline to see its inputs, outputs, attempts and errors."));
      return;
    }
    const state = data.states && data.states[stateOf(name)];
    box.append(el("div", { class: "bar" }, el("h2", { id: "details-name" }, name), el("span", { class: "dim" }, (state || visit || { type: "" }).type),
      el("div", { class: "buttons" }, el("button", { "aria-label": "Close", onclick: close }, "×"))));
    if (state) {
      box.append(el("div", { class: "dim" }, [state.detail, wordsOf(state)].filter(Boolean).join(" · ")));
      state.retriers.forEach((errors) => box.append(el("div", { class: "dim" }, "retries on " + errors)));
      box.append(ways(state));
    }
    if (!visit) return;
    box.append(picker(name, number), visitBox(visit));
  }

  function ways(state) {
    return el("ul", { class: "ways" }, state.ways.map((way) => el("li", { class: way.count ? "good" : "off" },
      (way.count ? "✓ " : "– ") + way.kind + (way.label ? " " + way.label : "") + " → ",
      way.to === null ? "end" : el("button", { class: "link", onclick: () => selectState(way.to) }, way.to),
      way.count > 1 ? ` (${way.count}×)` : "")));
  }

  function picker(name, number) {
    const visits = visitsOf(name);
    if (visits.length < 2) return "";
    const position = visits.findIndex(([, other]) => other === number);
    const go = (to) => select(visits[to][1]);
    const first = Math.max(0, Math.min(position - 250, visits.length - 500));
    const options = visits.slice(first, first + 500).map(([visit, other], offset) => el("option", { value: other, selected: other === number },
      `${first + offset + 1}. ${visit.place ? visit.place + " · " : ""}${at(visit.from)} · ${howWords(visit)}`));
    const choice = el("select", { "aria-label": "Visit", onchange: (event) => select(Number(event.target.value)) }, options);
    return el("div", { class: "visits" }, el("button", { "aria-label": "Previous visit", disabled: position === 0, onclick: () => go(position - 1) }, "‹"), choice,
      el("button", { "aria-label": "Next visit", disabled: position === visits.length - 1, onclick: () => go(position + 1) }, "›"),
      el("span", { class: "dim" }, `of ${visits.length}`));
  }

  const howWords = (visit) => (visit.caught ? "caught" : { exited: "left", aborted: "aborted", failed: "failed", open: "still going on" }[visit.how]);
  const tone = (visit) => (visit.caught ? "warn" : { exited: "good", aborted: "dim", failed: "bad", open: "busy" }[visit.how]);

  function visitBox(visit) {
    const box = el("div", { class: "visit" });
    const took = visit.to === null ? "" : visit.to > visit.from ? `, ${howWords(visit)} ${at(visit.to)}, took ${span(visit.to - visit.from)}` : `, ${howWords(visit)} at once`;
    box.append(el("div", {}, visit.place ? el("span", { class: "dim" }, visit.place + ": ") : "", `entered ${at(visit.from)}${took || ", " + howWords(visit)}`,
      visit.parent === null ? "" : el("span", {}, " · inside ", el("button", { class: "link", onclick: () => select(visit.parent) }, data.visits[visit.parent].name))));
    box.append(failure(visit.error, visit.cause) || "", visit.caught ? el("div", { class: "warn" }, "A catcher led on from here.") : "");
    box.append(payload("Input", visit.input) || "", payload("Output", visit.output) || "");
    if (visit.attempts.length) {
      box.append(el("h3", {}, visit.attempts.length === 1 ? "Attempt" : "Attempts"), ...visit.attempts.map((attempt, position) => attemptBox(attempt, position, visit)));
    }
    const number = data.visits.indexOf(visit);
    const events = data.events.filter((event) => event[4] === number);
    box.append(el("h3", {}, "Events"), el("ul", { class: "ways" }, events.slice(0, STEP).map((event) => el("li", {},
      el("button", { class: "link", onclick: () => reveal(event[0]) }, `${event[0]} ${event[3]}`), el("span", { class: "dim" }, " " + at(event[2]))))));
    if (events.length > STEP) box.append(el("p", { class: "note" }, `${events.length - STEP} more: filter the history by ${visit.name}`));
    return box;
  }

  function attemptBox(attempt, position, visit) {
    const took = attempt.to === null ? "still going on" : `${attempt.how} ${at(attempt.to)}`;
    const isOnly = visit.attempts.length === 1;
    return el("div", { class: "attempt " + attempt.how },
      el("div", {}, el("strong", {}, isOnly ? "" : `${position + 1}. `), attempt.resource || visit.type,
        el("span", { class: "dim" }, ` ${at(attempt.from)}, ${took}` + (attempt.delay === null ? "" : `; ${span(attempt.delay)} after the failure before`))),
      failure(attempt.error, attempt.cause) || "",
      payload("Called with", attempt.payload, isOnly) || "", payload("Answer", attempt.answer, isOnly) || "");
  }

  function close() {
    const name = typeof selected === "number" ? data.visits[selected].name : selected;
    select(null);
    const shape = name === null ? null : shapeOf(stateOf(name));
    if (shape) focusShape(shape);
  }

  // ---- Long lists ----

  /** Puts rows into a list, and a button for more below it. */
  function windowed(list, rows, make, after) {
    let shown = 0;
    const more = el("button", { class: "more-button", onclick: () => grow() });
    const grow = () => {
      list.append(...rows.slice(shown, shown + STEP).map(make).flat());
      shown = Math.min(rows.length, shown + STEP);
      more.hidden = shown === rows.length;
      more.textContent = `Show more (${rows.length - shown} are left)`;
    };
    grow();
    after.replaceChildren(more);
    return { upTo: (position) => { while (shown <= position && shown < rows.length) grow(); } };
  }

  // ---- Timeline ----

  function timeline() {
    const section = byId("timeline");
    if (!data.visits.length) { section.append(el("h2", {}, "Timeline"), el("p", { class: "note" }, "No state was entered.")); return; }
    const depth = data.visits.map(() => 0);
    data.visits.forEach((visit, number) => { if (visit.parent !== null) depth[number] = depth[visit.parent] + 1; });
    const lastEvent = data.events[data.events.length - 1];
    const end = Math.max(data.duration === null ? lastEvent[2] : data.duration, lastEvent[2]);
    const list = el("div", { class: "rows" });
    const below = el("div");
    const axis = el("div", { class: "ticks" });
    const draw = (byTime) => {
      buttons.forEach((button) => button.setAttribute("aria-pressed", (button.value === "time") === byTime));
      const most = byTime ? end : lastEvent[0];
      const share = (value) => 100 * Math.min(1, Math.max(0, value / (most || 1)));
      const place = (made, from, to) => { made.style.left = `min(${share(from)}%, calc(100% - 3px))`; made.style.width = Math.max(0, share(to) - share(from)) + "%"; return made; };
      const pick = (time, order) => (byTime ? time : order);
      axis.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map((part) => {
        const tick = el("span", {}, byTime ? at(Math.round(most * part)) : "event " + Math.max(1, Math.round(most * part)));
        tick.style.left = part * 100 + "%";
        return tick;
      }));
      list.replaceChildren();
      windowed(list, data.visits, (visit, _) => rowOf(visit, { depth, pick, place, end, last: lastEvent[0] }), below);
    };
    const buttons = [["time", "By time"], ["order", "By order"]].map(([value, name]) => el("button", { value, onclick: () => draw(value === "time") }, name));
    section.append(el("div", { class: "bar" }, el("h2", {}, "Timeline"), el("span", { class: "hint" }, "Visits of states with their attempts; orange is waiting for a retry"), el("div", { class: "buttons" }, buttons)),
      el("div", { class: "axis" }, el("span"), axis), list, below);
    draw(end > 0);
  }

  function rowOf(visit, { depth, pick, place, end, last }) {
    const number = data.visits.indexOf(visit);
    const lane = el("span", { class: "lane" });
    const isOpen = visit.to === null;
    lane.append(place(el("span", { class: "span " + tone(visit) }), pick(visit.from, visit.entered), pick(isOpen ? end : visit.to, isOpen && visit.how !== "failed" ? last : visit.left)));
    visit.attempts.forEach((attempt, position) => {
      const before = visit.attempts[position - 1];
      if (before && before.to !== null) lane.append(place(el("span", { class: "wait" }), pick(before.to, before.ended), pick(attempt.from, attempt.event)));
      lane.append(place(el("span", { class: "try " + attempt.how }), pick(attempt.from, attempt.event), pick(attempt.to === null ? end : attempt.to, attempt.ended === null ? visit.left : attempt.ended)));
    });
    const who = el("span", { class: "who" }, visit.name, visit.place ? el("span", { class: "dim" }, "  " + visit.place.split(" > ").pop()) : "");
    who.style.paddingLeft = 4 + 14 * Math.min(depth[number], 12) + "px";
    const words = `${visit.name}${visit.place ? ", " + visit.place : ""}: entered ${at(visit.from)}, ${howWords(visit)}${isOpen ? "" : " " + at(visit.to)}, ${visit.attempts.length} attempts`;
    return el("button", { class: "row" + (selected === number ? " on" : ""), "data-visit": number, title: words, "aria-label": words, onclick: () => select(number) }, who, lane);
  }

  // ---- History ----

  let shownHistory = null;
  const nameOf = (event) => (event[4] === null ? "" : data.visits[event[4]].name);
  const placeOf = (event) => (event[4] === null ? "" : data.visits[event[4]].place);

  function historyTable() {
    const body = el("tbody");
    const below = el("div");
    const count = el("span", { class: "hint", id: "count", role: "status" });
    const needle = el("input", { class: "filter", id: "filter", type: "search", placeholder: "Filter by type, state or payload", "aria-label": "Filter the history", oninput: () => draw() });
    const wrong = el("input", { type: "checkbox", id: "wrong", onchange: () => draw() });
    const draw = () => {
      const words = needle.value.toLowerCase().split(/\s+/).filter(Boolean);
      const rows = data.events.filter((event) => (!wrong.checked || event[7]) && words.every((word) => searched(event).includes(word)));
      body.replaceChildren();
      count.textContent = rows.length === data.events.length ? `${rows.length} events` : `${rows.length} of ${data.events.length} events`;
      shownHistory = { rows, body, ...windowed(body, rows, eventRow, below) };
    };
    const head = el("tr", {}, [["#", "60px"], ["Time", "110px"], ["Type", "210px"], ["State", "24%"], ["Payload", ""]].map(([name, width]) => {
      const cell = el("th", { scope: "col" }, name);
      cell.style.width = width;
      return cell;
    }));
    byId("history").append(el("div", { class: "bar" }, el("h2", {}, "History"), needle, el("label", {}, wrong, " only what went wrong"), count),
      el("table", {}, el("thead", {}, head), body), below);
    historyTable.clear = () => { needle.value = ""; wrong.checked = false; draw(); };
    draw();
  }

  const searchTexts = new Map();
  function searched(event) {
    if (!searchTexts.has(event[0])) searchTexts.set(event[0], [event[0], event[3], nameOf(event), placeOf(event), plain(event[5]), JSON.stringify(event[6])].join(" ").toLowerCase());
    return searchTexts.get(event[0]);
  }

  function eventRow(event) {
    const toggle = el("button", { class: "link", "aria-expanded": "false", "aria-label": `Event ${event[0]}` }, String(event[0]));
    const preview = plain(event[5]).slice(0, 200).replace(/\s+/g, " ");
    const row = el("tr", { class: event[7] ? "wrong" : "", "data-event": event[0] }, el("td", {}, toggle), el("td", {}, at(event[2])), el("td", { title: event[3] }, event[3]),
      el("td", { title: nameOf(event) + " " + placeOf(event) }, nameOf(event), placeOf(event) ? el("span", { class: "dim" }, "  " + placeOf(event)) : ""), el("td", { class: "mono" }, preview));
    let more = null;
    const flip = () => {
      if (more) { more.remove(); more = null; } else { more = eventDetails(event); row.after(more); }
      toggle.setAttribute("aria-expanded", String(Boolean(more)));
    };
    row.addEventListener("click", flip);
    row.open = () => { if (!more) flip(); };
    return row;
  }

  function eventDetails(event) {
    const details = Object.entries(event[6]).filter(([name]) => name !== "variables");
    const facts = el("dl", { class: "facts" }, el("dt", {}, "follows event"), el("dd", {}, String(event[1])),
      details.map(([name, value]) => [el("dt", {}, name), el("dd", {}, typeof value === "string" ? value : JSON.stringify(value))]).flat());
    const cell = el("td", { colspan: "5" }, facts, event[5] === null ? "" : pre(text(event[5])));
    Object.entries(event[6].variables || {}).forEach(([name, number]) => cell.append(payload("$" + name, number) || ""));
    return el("tr", { class: "more" }, cell);
  }

  /** Shows an event in the history, whatever the filter hides. */
  function reveal(id) {
    const find = () => shownHistory.rows.findIndex((event) => event[0] === id);
    if (find() < 0) historyTable.clear();
    shownHistory.upTo(find());
    const row = shownHistory.body.querySelector(`[data-event="${id}"]`);
    row.open();
    row.scrollIntoView({ block: "center" });
    row.querySelector("button").focus({ preventScroll: true });
  }

  // ---- All together ----

  header();
  graph();
  timeline();
  historyTable();
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && selected !== null) close(); });
  const wanted = decodeURIComponent(location.hash.slice(1));
  const failed = data.visits.findIndex((visit, number) => visit.how === "failed" && !data.visits.some((other) => other.parent === number && other.how === "failed"));
  const visit = Number(wanted.replace("visit-", ""));
  if (wanted.startsWith("visit-") && data.visits[visit]) select(visit);
  else if (wanted.startsWith("state-") && stateOf(wanted.slice(6)) >= 0) select(wanted.slice(6));
  else select(failed >= 0 ? failed : null);
})();
