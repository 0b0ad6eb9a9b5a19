#!/usr/bin/env python3
"""Looks at the pages and pictures of a folder in a real browser, as tests/it/browser.rs asks for.

    check.py FOLDER [--screenshots FOLDER]

Prints what is wrong, one line each. Exit codes: 0 nothing is wrong, 1 something is, 77 there is no browser.
"""

import argparse
import os
import sys
import time

import driver

ANSWER_OF_A_SKIPPED_TEST = 77

# Where texts and boxes really are. Coordinates are those of the picture.
GEOMETRY = """(() => {
  const faults = [];
  const svg = document.querySelector('svg.sfn-graph');
  const box = (element) => { const b = element.getBBox(); return {x: b.x, y: b.y, r: b.x + b.width, b: b.y + b.height}; };
  const within = (inner, outer, slack) => inner.x >= outer.x - slack && inner.y >= outer.y - slack && inner.r <= outer.r + slack && inner.b <= outer.b + slack;
  const overlap = (a, c) => a.x < c.r - .5 && c.x < a.r - .5 && a.y < c.b - .5 && c.y < a.b - .5;
  const name = (element) => element.querySelector('title') ? element.querySelector('title').textContent.split('\\n')[0] : element.textContent;
  const whole = {x: 0, y: 0, r: svg.viewBox.baseVal.width, b: svg.viewBox.baseVal.height};
  const states = [...svg.querySelectorAll('g.state')];
  const solid = [];
  for (const state of states) {
    const frame = box(state.querySelector('.box'));
    const texts = [...state.querySelectorAll(':scope > text')].map(box);
    if (!within(frame, whole, 0)) faults.push(`${name(state)} is outside of the picture`);
    for (const text of texts) if (!within(text, frame, 0)) faults.push(`a text of ${name(state)} leaves its box`);
    texts.forEach((text, at) => texts.slice(at + 1).forEach((other) => { if (overlap(text, {...other, y: other.y + 2})) faults.push(`texts of ${name(state)} overlap`); }));
    if (state.classList.contains('leaf')) solid.push([name(state), frame]);
    else texts.forEach((text) => solid.push([`caption of ${name(state)}`, text]));
  }
  for (const label of svg.querySelectorAll('g.label')) {
    const frame = box(label.querySelector('rect'));
    for (const text of label.querySelectorAll('text')) if (!within(box(text), frame, 1)) faults.push(`the label ${text.textContent} leaves its room`);
    solid.push([`label ${label.querySelector('text').textContent}`, frame]);
  }
  for (const marker of svg.querySelectorAll('g.marker')) solid.push(['marker', box(marker)]);
  const badges = [...svg.querySelectorAll('g.badge')].map((badge) => [badge, box(badge.querySelector('rect')), badge.parentElement.dataset.state]);
  for (const [badge, frame] of badges) if (!within(box(badge.querySelector('text')), frame, 0) || !within(frame, whole, 0)) faults.push(`the badge ${badge.textContent} is too small, or outside`);
  badges.forEach(([badge, frame, of], at) => {
    badges.slice(at + 1).forEach(([other, c]) => { if (overlap(frame, c)) faults.push(`the badges ${badge.textContent} and ${other.textContent} overlap`); });
    for (const label of svg.querySelectorAll('g.label rect')) if (overlap(frame, box(label))) faults.push(`the badge ${badge.textContent} overlaps the label ${label.parentElement.textContent}`);
    for (const state of states) if (state.classList.contains('leaf') && state.dataset.state !== of && overlap(frame, box(state.querySelector('.box')))) faults.push(`the badge ${badge.textContent} overlaps ${name(state)}`);
  });
  solid.forEach(([one, a], at) => solid.slice(at + 1).forEach(([other, c]) => { if (overlap(a, c)) faults.push(`${one} overlaps ${other}`); }));
  return {faults, states: states.length};
})()"""

# The contrast of the texts that matter, after WCAG 2: 4.5 is enough.
CONTRAST = """(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => { const [r, g, b] = parse(colour).map((c) => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ratio = (a, c) => { const [dark, bright] = [light(a), light(c)].sort((x, y) => x - y); return (bright + .05) / (dark + .05); };
  const ground = (element) => { for (let at = element; at; at = at.parentElement) { const found = getComputedStyle(at).backgroundColor; if (parse(found)[3] !== 0) return found; } return 'rgb(255, 255, 255)'; };
  const weak = [];
  for (const element of document.querySelectorAll('h1, h2, .dim, .hint, #status, dd, dt, summary, button, td, th, pre span')) {
    if (element.offsetParent === null) continue;
    const found = ratio(getComputedStyle(element).color, ground(element));
    if (found < 4.5) weak.push(`${element.tagName}.${element.className} ${element.textContent.slice(0, 20)}: ${found.toFixed(2)}`);
  }
  for (const text of document.querySelectorAll('svg.sfn-graph text')) {
    const box = text.parentElement.querySelector('.box, .back, rect');
    const found = ratio(getComputedStyle(text).fill, getComputedStyle(box).fill);
    if (found < 4.5) weak.push(`text ${text.textContent}: ${found.toFixed(2)}`);
  }
  return [...new Set(weak)].slice(0, 10);
})()"""

STATE = "document.querySelector('g.state[aria-label^=\"{}\"] .box')"


class Checks:
    """What was found wrong."""

    def __init__(self):
        self.faults, self.subject = [], ""

    def equal(self, actual, expected, what):
        if actual != expected:
            self.faults.append(f"{self.subject}: {what} is {actual!r}, not {expected!r}")

    def true(self, holds, what):
        if not holds:
            self.faults.append(f"{self.subject}: {what}")


def quiet(page, checks):
    """Nothing was complained of, and nothing but the file itself was asked for."""
    checks.equal(page.complaints, [], "what the console says")
    outside = [url for url in page.requests if not url.startswith(("file://", "data:"))]
    checks.equal(outside, [], "what the network was asked for")


def text(page, selector):
    return page.evaluate(f"(document.querySelector({selector!r}) || {{}}).textContent")


def count(page, selector):
    return page.evaluate(f"document.querySelectorAll({selector!r}).length")


def geometry(page, checks):
    found = page.evaluate(GEOMETRY)
    for fault in found["faults"][:10]:
        checks.true(False, fault)
    return found["states"]


def check_failed(page, checks):
    """An execution that was retried, caught, and failed; with the assertion that did not hold."""
    checks.equal(text(page, "#status"), "FAILED", "the status")
    checks.true("to succeed" in text(page, "#assertion pre"), "the failed assertion is not shown")
    checks.equal(text(page, "#details-name"), "ReportFailure", "the state that is shown at first")
    page.click(STATE.format("SaveUser,"))
    checks.equal(text(page, "#details-name"), "SaveUser", "the state that was clicked")
    checks.equal(count(page, "#details .attempt"), 3, "the number of attempts")
    checks.equal(count(page, "#details .attempt.failed"), 2, "the number of failed attempts")
    checks.true("2s after the failure before" in text(page, "#details"), "the wait before a retry is not told")
    page.press("ArrowDown")
    page.press("Enter")
    checks.equal(text(page, "#details-name"), "CreateProfile", "the state below, by keyboard")
    checks.true("A catcher led on" in text(page, "#details"), "the catcher is not told of")
    checks.equal(page.evaluate("document.querySelector('g.state.on').getAttribute('aria-pressed')"), "true", "aria-pressed")
    page.press("ArrowDown")
    page.press("ArrowRight")
    page.press(" ")
    checks.equal(text(page, "#details-name"), "ReportFailure", "the state beside, by keyboard")
    page.press("Escape")
    checks.true("No state is selected" in text(page, "#details"), "Escape does not close the details")
    checks.true(page.evaluate("document.activeElement.matches('g.state[aria-label^=ReportFailure]')"), "Escape does not lead back to the graph")
    page.click(STATE.format("CreateProfile,"))
    page.click("[...document.querySelectorAll('#details .ways button')].find((button) => button.textContent.includes('TaskFailed'))")
    checks.equal(count(page, "tr.more"), 1, "the number of opened events")
    check_filter(page, checks)
    check_themes(page, checks)
    # Each control has a name, and what is focused can be seen.
    nameless = "[...document.querySelectorAll('button, input, select')].filter((control) => !(control.textContent.trim() || control.getAttribute('aria-label') || control.labels && control.labels.length)).length"
    checks.equal(page.evaluate(nameless), 0, "the number of controls without a name")


def check_filter(page, checks):
    all_events = count(page, "#history tbody tr[data-event]")
    page.click("document.querySelector('#filter')")
    page.write("saveuser taskfailed")
    checks.equal(count(page, "#history tbody tr[data-event]"), 2, "the number of filtered events")
    checks.equal(text(page, "#count"), f"2 of {all_events} events", "what is said about the filter")
    page.evaluate("document.querySelector('#filter').value = ''")
    page.click("document.querySelector('#wrong')")
    checks.equal(count(page, "#history tbody tr[data-event]"), 4, "the number of events that went wrong")
    page.click("document.querySelector('#wrong')")
    checks.equal(count(page, "#history tbody tr[data-event]"), all_events, "the number of events without a filter")


def check_themes(page, checks):
    ground = "getComputedStyle(document.querySelector('#details')).backgroundColor"
    box = "getComputedStyle(document.querySelector('svg.sfn-graph')).backgroundColor"
    seen = {}
    for scheme in ["light", "dark"]:
        page.prefer(scheme)
        seen[scheme] = (page.evaluate(ground), page.evaluate(box))
        checks.equal(page.evaluate(CONTRAST), [], f"what is hard to read in the {scheme}")
    checks.true(seen["light"][0] != seen["dark"][0] and seen["light"][1] != seen["dark"][1], "dark looks like light")
    page.click("document.querySelector('#theme')")
    checks.equal((page.evaluate(ground), page.evaluate(box)), seen["light"], "the chosen light theme of a dark system")
    page.prefer("light")
    page.click("document.querySelector('#theme')")
    checks.equal((page.evaluate(ground), page.evaluate(box)), seen["dark"], "the chosen dark theme of a light system")
    page.click("document.querySelector('#theme')")


def check_items(page, checks):
    """A Map over twelve items, of which each is a visit of the same state."""
    page.click(STATE.format("Ship,"))
    first = text(page, "#details .visit")
    checks.true(first.startswith("item 0: "), f"the first visit is not that of item 0: {first[:40]}")
    page.click("document.querySelector('[aria-label=\"Next visit\"]')")
    checks.true(text(page, "#details .visit").startswith("item 1: "), "the next visit is not that of item 1")
    page.evaluate("(() => { const choice = document.querySelector('#details select'); choice.selectedIndex = 11; choice.dispatchEvent(new Event('change')); })()")
    checks.true(text(page, "#details .visit").startswith("item 11: "), "the chosen visit is not that of item 11")
    checks.equal(count(page, "#timeline .row"), 14, "the number of rows of the timeline")
    page.click("document.querySelectorAll('#timeline .row')[1]")
    checks.true(text(page, "#details .visit").startswith("item 0: "), "a row of the timeline does not select its visit")


def check_hostile(page, checks):
    checks.equal(page.evaluate("window.hacked === undefined"), True, "whether the texts of the execution did nothing")
    checks.equal(count(page, "img"), 0, "the number of images")
    for shape in range(count(page, "g.state")):
        page.evaluate(f"document.querySelectorAll('g.state')[{shape}].dispatchEvent(new MouseEvent('click'))")
    page.evaluate("document.querySelectorAll('#history tbody tr').forEach((row) => row.click())")
    checks.equal(page.evaluate("window.hacked === undefined"), True, "whether the texts still did nothing")


def check_long(page, checks):
    """A history of 25,000 events."""
    checks.equal(count(page, "#history tbody tr"), 200, "the number of rows at first")
    page.click("document.querySelector('#history .more-button')")
    checks.equal(count(page, "#history tbody tr"), 400, "the number of rows after asking for more")
    began = time.monotonic()
    page.click("document.querySelector('#filter')")
    page.write("ExecutionSucceeded")
    checks.equal(count(page, "#history tbody tr"), 1, "the number of filtered rows")
    checks.true(time.monotonic() - began < 20, "the filter takes too long")


INTERACTIONS = {
    "failed.html": check_failed,
    "items.html": check_items,
    "hostile.html": check_hostile,
    "long.html": check_long,
}


def check_file(browser, path, checks, screenshots):
    name = os.path.basename(path)
    checks.subject = name
    page = browser.page()
    page.open(path)
    if page.evaluate("Boolean(document.querySelector('svg.sfn-graph'))"):
        states = geometry(page, checks)
        print(f"{name}: {states} states")
    if screenshots:
        for scheme in ["light", "dark"]:
            page.prefer(scheme)
            page.screenshot(os.path.join(screenshots, f"{name}-{scheme}.png"), whole=name.endswith(".svg"))
        page.prefer("light")
    if name in INTERACTIONS:
        INTERACTIONS[name](page, checks)
    quiet(page, checks)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--screenshots")
    arguments = parser.parse_args()
    program = driver.find()
    if not program:
        print("no Chromium was found: install it, or name it in SFN_TESTKIT_CHROMIUM")
        return ANSWER_OF_A_SKIPPED_TEST
    checks = Checks()
    with driver.Browser(program) as browser:
        for name in sorted(os.listdir(arguments.folder)):
            check_file(browser, os.path.join(arguments.folder, name), checks, arguments.screenshots)
    print("\n".join(checks.faults))
    return 1 if checks.faults else 0


if __name__ == "__main__":
    sys.exit(main())
