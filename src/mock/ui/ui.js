// The web UI of a served mock. Everything that comes from the server goes into text nodes, never into markup.
"use strict";
(() => {
  const PERIOD = 1000; // Milliseconds between two looks at the server.
  const TONES = { SUCCEEDED: "good", FAILED: "bad", TIMED_OUT: "bad", ABORTED: "warn", RUNNING: "busy" };
  const byId = (id) => document.getElementById(id);
  let opened = null; // The ARN of the execution that is shown.
  let latest = null; // What the server said last.

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

  function span(ms) {
    if (ms === null) return "";
    if (ms === 0) return "0s";
    let rest = Math.abs(ms);
    let text = ms < 0 ? "-" : "";
    for (const [unit, per] of [["d", 86400000], ["h", 3600000], ["m", 60000], ["s", 1000], ["ms", 1]]) {
      const count = Math.floor(rest / per);
      rest -= count * per;
      if (count) text += count + unit;
    }
    return text;
  }

  const pill = (status) => el("span", { class: "pill " + (TONES[status] || "") }, status);
  const linkTo = (arn) => "#execution=" + encodeURIComponent(arn);

  /** Text that is set only if it changed, so that screen readers do not say it each second. */
  const say = (box, text) => { if (box.textContent !== text) box.textContent = text; };

  // ---- Theme: kept under the name that pages of executions use ----

  function theme() {
    const names = ["auto", "light", "dark"];
    const button = byId("theme");
    const kept = () => { try { return localStorage.getItem("sfn-testkit-theme"); } catch { return null; } };
    const show = () => {
      const name = names.includes(kept()) ? kept() : "auto";
      button.value = name;
      button.textContent = "Theme: " + name;
      if (name === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = name;
    };
    button.addEventListener("click", () => {
      try { localStorage.setItem("sfn-testkit-theme", names[(names.indexOf(button.value) + 1) % 3]); } catch { /* Not every browser has a storage. */ }
      show();
      if (frame) reload();
    });
    addEventListener("storage", show);
    show();
  }

  // ---- Calls: the API's own, by a path that lets only this page through ----

  async function call(operation, input, arn) {
    const region = arn.split(":")[3] || "us-east-1";
    const answer = await fetch("/_sfn-testkit/call", {
      method: "POST",
      headers: {
        "x-sfn-testkit-ui": "1",
        "x-amz-target": "AWSStepFunctions." + operation,
        "content-type": "application/x-amz-json-1.0",
        authorization: `AWS4-HMAC-SHA256 Credential=ui/0/${region}/states/aws4_request`,
      },
      body: JSON.stringify(input),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text || "{}");
    let told = { message: text };
    try { told = JSON.parse(text); } catch { /* Not from the service. */ }
    const type = String(told.__type || answer.status).split("#").pop();
    throw new Error(told.message ? `${type}: ${told.message}` : type);
  }

  /** Makes a call for somebody who waits for it: buttons rest meanwhile, and a refusal is told. */
  async function act(buttons, refusal, work) {
    buttons.forEach((button) => { button.disabled = true; });
    refusal.textContent = "";
    try { await work(); } catch (error) { refusal.textContent = error.message; }
    buttons.forEach((button) => { button.disabled = false; });
    look();
  }
  const buttonsOf = (box) => [...box.querySelectorAll("button")];

  // ---- What there is ----

  let looks = 0;
  let timer = null;

  async function look() {
    clearTimeout(timer);
    looks += 1;
    const mine = looks;
    const query = new URLSearchParams();
    for (const id of ["text", "machine", "status"]) if (byId(id).value) query.set(id, byId(id).value);
    if (opened !== null) query.set("arn", opened);
    try {
      const answer = await fetch("/_sfn-testkit/executions?" + query);
      if (!answer.ok) throw new Error(await answer.text());
      const told = await answer.json();
      if (mine !== looks) return;
      byId("lost").hidden = true;
      latest = told;
      show();
    } catch {
      if (mine !== looks) return;
      byId("lost").hidden = false;
    }
    timer = setTimeout(look, PERIOD);
  }

  function show() {
    const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
    say(byId("summary"), `${many(latest.machines.length, "state machine")}, ${many(latest.total, "execution")}, ${many(latest.openTasks, "waiting task")}`);
    choices(byId("machine"), [["", "All state machines"], ...latest.machineNames.map((name) => [name, name])]);
    choices(byId("start").elements.machine, latest.machines.map((machine) => [machine.arn, `${machine.name} (${machine.type.toLowerCase()})`]));
    rows();
    tasks();
    openedBar();
  }

  /** Fills a select; leaves it alone while nothing has changed. What is chosen stays chosen. */
  function choices(select, wanted) {
    const key = JSON.stringify(wanted);
    if (select.dataset.key === key) return;
    const chosen = select.value;
    select.dataset.key = key;
    select.replaceChildren(...wanted.map(([value, name]) => el("option", { value }, name)));
    if (wanted.some(([value]) => value === chosen)) select.value = chosen;
  }

  /** Puts items into a box; those that look as before stay the elements they are, with focus and half-written text. */
  function keyed(box, items, idOf, keyOf, make) {
    const before = new Map([...box.children].map((child) => [child.keptId, child]));
    const focused = box.contains(document.activeElement) ? [...box.children].find((child) => child.contains(document.activeElement)) : null;
    const wanted = items.map((item) => {
      const old = before.get(idOf(item));
      const key = keyOf(item);
      if (old && old.keptKey === key) return old;
      return Object.assign(make(item), { keptId: idOf(item), keptKey: key });
    });
    for (const child of [...box.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((child, position) => { if (box.children[position] !== child) box.insertBefore(child, box.children[position] || null); });
    if (focused && !focused.isConnected) {
      const successor = wanted.find((child) => child.keptId === focused.keptId);
      const target = successor && successor.querySelector("a, button, textarea");
      if (target) target.focus({ preventScroll: true });
    }
  }

  function rows() {
    keyed(byId("rows"), latest.executions, (item) => item.arn, JSON.stringify, (item) => el("tr", { onclick: (event) => { if (!event.target.closest("a")) location.hash = linkTo(item.arn); } },
      el("td", { title: item.arn }, el("a", { href: linkTo(item.arn) }, item.name)), el("td", { title: item.machine }, item.machine), el("td", {}, pill(item.status)),
      el("td", { class: "date" }, item.startDate), el("td", { class: "took" }, span(item.tookMillis)), el("td", { class: "right" }, String(item.events))));
    const shown = latest.executions.length;
    say(byId("count"), shown < latest.found ? `the latest ${shown} of ${latest.found}` : latest.found < latest.total ? `${latest.found} of ${latest.total}` : "");
    byId("none").hidden = shown > 0;
    say(byId("none"), latest.total ? "No execution is like that." : "No execution was started yet.");
  }

  // ---- Tasks that wait ----

  function tasks() {
    const mine = latest.tasks.filter((task) => opened === null || task.executionArn === opened);
    keyed(byId("task-list"), mine, (task) => task.token, (task) => String(task.isQueued), taskBox);
    byId("no-tasks").hidden = mine.length > 0;
    byId("main").classList.toggle("quiet", mine.length === 0 && byId("task-refusal").textContent === "");
    say(byId("task-count"), opened === null && latest.tasks.length < latest.openTasks ? `the oldest ${latest.tasks.length} of ${latest.openTasks}` : "");
  }

  function taskBox(task) {
    const of = el("div", { class: "dim of" }, "of ", el("a", { href: linkTo(task.executionArn) }, task.executionArn.split(":").slice(6).join(":")));
    const what = task.activityArn === null ? "waits for its token" : task.isQueued ? "waits for a worker" : "a worker has it";
    const box = el("div", { class: "task", role: "group", "aria-label": "Task of " + task.state }, el("div", {}, el("strong", {}, task.state), el("span", { class: "dim" }, " " + what)), of);
    if (task.activityArn !== null) box.append(el("div", { class: "dim" }, task.activityArn));
    box.append(el("details", { open: task.input.length < 300 }, el("summary", {}, "Input"), el("pre", { tabindex: "0" }, pretty(task.input))));
    box.append(el("details", {}, el("summary", {}, "Task token"), el("pre", { tabindex: "0" }, task.token)));
    box.append(task.isQueued ? takeForm(task, box) : answerForm(task, box));
    return box;
  }

  /** Indented where reading and writing it back loses nothing: JavaScript keeps only so many digits of a number. */
  function pretty(text) {
    try {
      const read = JSON.parse(text);
      return JSON.stringify(read) === text ? JSON.stringify(read, null, 2) : text;
    } catch { return text; }
  }

  function takeForm(task, box) {
    const take = () => act(buttonsOf(box), byId("task-refusal"), () => call("GetActivityTask", { activityArn: task.activityArn, workerName: "sfn-testkit ui" }, task.activityArn));
    return el("div", { class: "bar" }, el("button", { type: "button", class: "main", onclick: take }, "Take as a worker"), el("span", { class: "hint" }, "takes the oldest task of the activity"));
  }

  function answerForm(task, box) {
    const output = el("textarea", { rows: "3", spellcheck: "false" });
    output.value = "{}";
    const error = el("input", { autocomplete: "off", spellcheck: "false" });
    const cause = el("input", { autocomplete: "off" });
    const send = (operation, input) => act(buttonsOf(box), byId("task-refusal"), () => call(operation, { taskToken: task.token, ...input }, task.executionArn));
    const given = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
    const succeed = (event) => { event.preventDefault(); send("SendTaskSuccess", { output: output.value }); };
    const fail = (event) => { event.preventDefault(); send("SendTaskFailure", given({ error: error.value, cause: cause.value })); };
    return el("div", {},
      el("form", { onsubmit: succeed }, el("div", { class: "fields" }, el("label", {}, "Output", output)),
        el("div", { class: "bar" }, el("button", { type: "submit" }, "Send success"), el("button", { type: "button", onclick: () => send("SendTaskHeartbeat", {}) }, "Send heartbeat"))),
      el("form", { onsubmit: fail }, el("div", { class: "fields two" }, el("label", {}, "Error", error), el("label", {}, "Cause", cause)),
        el("div", { class: "bar" }, el("button", { type: "submit" }, "Send failure"))));
  }

  // ---- One execution ----

  let frame = null;
  let framed = null; // How far the execution had come when the frame was loaded.

  function route() {
    const wanted = location.hash.startsWith("#execution=") ? decodeURIComponent(location.hash.slice(11)) : null;
    if (wanted === opened && frame !== null === (wanted !== null)) return;
    opened = wanted;
    framed = null;
    byId("main").classList.toggle("opened", opened !== null);
    byId("opened-bar").hidden = byId("frame-pane").hidden = opened === null;
    for (const id of ["opened-refusal", "task-refusal", "opened-events"]) byId(id).textContent = "";
    unfoldStop(false);
    frame = opened === null ? null : el("iframe", { title: "The execution", src: "/_sfn-testkit/execution?arn=" + encodeURIComponent(opened) });
    byId("frame-pane").replaceChildren(...(frame ? [frame] : []));
    byId("opened-name").textContent = opened === null ? "" : opened.split(":").slice(7).join(":");
    document.title = opened === null ? "sfn-testkit" : byId("opened-name").textContent + " · sfn-testkit";
    if (latest) { latest.opened = null; show(); }
    look();
  }

  function openedBar() {
    const item = latest.opened;
    const status = byId("opened-status");
    if (!item || item.arn !== opened) { status.hidden = byId("redrive").hidden = byId("stop-toggle").hidden = true; return; }
    status.hidden = false;
    say(status, item.status);
    status.className = "pill " + (TONES[item.status] || "");
    say(byId("opened-events"), `${item.events} events`);
    byId("stop-toggle").hidden = item.status !== "RUNNING";
    if (item.status !== "RUNNING") unfoldStop(false);
    byId("redrive").hidden = !["FAILED", "TIMED_OUT", "ABORTED"].includes(item.status);
    const now = `${item.status} ${item.events}`;
    if (framed !== null && framed !== now) reload();
    framed = now;
  }

  /** Loads the page of the execution again: its URL keeps the selected state, we keep what else was set by hand. */
  function reload() {
    const before = frame.contentDocument;
    if (!before || before.readyState !== "complete") { frame.contentWindow.location.reload(); return; }
    const top = frame.contentWindow.scrollY;
    const panes = ["graph", "details"].map((id) => [id, before.getElementById(id)]).filter(([, pane]) => pane).map(([id, pane]) => [id, pane.scrollLeft, pane.scrollTop]);
    const filter = before.getElementById("filter");
    const wrong = before.getElementById("wrong");
    const kept = { filter: filter ? filter.value : "", wrong: wrong ? wrong.checked : false };
    frame.addEventListener("load", () => {
      const after = frame.contentDocument;
      if (kept.filter && after.getElementById("filter")) { after.getElementById("filter").value = kept.filter; after.getElementById("filter").dispatchEvent(new Event("input")); }
      if (kept.wrong && after.getElementById("wrong")) after.getElementById("wrong").click();
      panes.forEach(([id, left, y]) => { const pane = after.getElementById(id); if (pane) { pane.scrollLeft = left; pane.scrollTop = y; } });
      frame.contentWindow.scrollTo(0, top);
    }, { once: true });
    frame.contentWindow.location.reload();
  }

  function unfoldStop(isOpen) {
    byId("stop").hidden = !isOpen;
    byId("stop-toggle").setAttribute("aria-expanded", String(isOpen));
  }

  // ---- All together ----

  choices(byId("status"), [["", "Any status"], ...["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"].map((status) => [status, status])]);
  for (const id of ["text", "machine", "status"]) byId(id).addEventListener("input", look);
  byId("stop-toggle").addEventListener("click", () => { unfoldStop(byId("stop").hidden); if (!byId("stop").hidden) byId("stop").elements.error.focus(); });
  byId("stop").addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = [["error", byId("stop").elements.error.value], ["cause", byId("stop").elements.cause.value]].filter(([, value]) => value !== "");
    act(buttonsOf(byId("opened-bar")), byId("opened-refusal"), () => call("StopExecution", { executionArn: opened, ...Object.fromEntries(fields) }, opened));
  });
  byId("redrive").addEventListener("click", () => act(buttonsOf(byId("opened-bar")), byId("opened-refusal"), () => call("RedriveExecution", { executionArn: opened }, opened)));
  byId("start").addEventListener("submit", (event) => {
    event.preventDefault();
    const { machine, name, input } = byId("start").elements;
    act(buttonsOf(byId("start")), byId("start-refusal"), async () => {
      const started = await call("StartExecution", { stateMachineArn: machine.value, input: input.value, ...(name.value ? { name: name.value } : {}) }, machine.value);
      name.value = "";
      location.hash = linkTo(started.executionArn);
    });
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("hashchange", route);
  theme();
  route();
  if (opened === null) look();
})();
