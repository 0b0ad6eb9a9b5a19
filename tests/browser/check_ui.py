#!/usr/bin/env python3
"""Uses the web UI of a served mock in a real browser, as tests/it/ui_browser.rs asks for.

    check_ui.py URL [--screenshots FOLDER]

The mock has the state machine `ask`, whose state `Ask` waits for a token. Prints what is wrong, one line each. Exit
codes: 0 nothing is wrong, 1 something is, 77 there is no browser.
"""

import argparse
import os
import sys
import time

import driver

ANSWER_OF_A_SKIPPED_TEST = 77
HOSTILE = "<img src=x onerror=alert(1)>"


class Check:
    def __init__(self, page, url, screenshots):
        self.page, self.url, self.screenshots, self.faults = page, url, screenshots, []

    def holds(self, what, is_right):
        if not is_right:
            self.faults.append(what)

    def until(self, what, expression, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.page.evaluate(expression):
                return
            time.sleep(0.05)
        raise TimeoutError(f"it never came so far that {what}: {self.page.evaluate('document.body.innerText')}")

    def shot(self, name):
        if self.screenshots:
            self.page.screenshot(os.path.join(self.screenshots, name))

    def fill(self, element, text):
        self.page.evaluate(f"({element}).focus(); ({element}).select()")
        self.page.write(text)


INSIDE = "document.querySelector('iframe').contentDocument"


def use(check):
    page = check.page
    page.send("Page.navigate", url=check.url)
    check.until("the page lists the state machine", "document.querySelector('#start select')?.value.endsWith(':ask')")

    # A refused call is told in words.
    check.fill("document.querySelector('#start textarea')", "{")
    page.press("Tab")
    page.press("Enter")
    check.until("a bad input is refused", "document.querySelector('#start-refusal').textContent.startsWith('InvalidExecutionInput: ')")

    # An execution is started with the keyboard alone, and opened.
    check.fill("document.querySelector('#start [name=name]')", "one")
    page.press("Tab")
    page.evaluate("document.activeElement.select()")
    page.write('{"text": "%s"}' % HOSTILE)
    page.press("Tab")
    page.press("Enter")
    check.until("the execution is opened", f"location.hash.endsWith('one') && {INSIDE}.querySelector('#status')?.textContent === 'RUNNING'")
    check.until("its task is shown", "document.querySelectorAll('.task').length === 1")
    check.holds("the opened page is not scrolled", page.evaluate("scrollY") == 0)
    check.holds("payloads are text", page.evaluate(f"!{INSIDE}.querySelector('img') && !document.querySelector('img')"))
    check.shot("ui-execution.png")

    # What a user has chosen and written survives looks at the server and loads of the page.
    page.evaluate(f"{INSIDE}.querySelector('g.state').dispatchEvent(new Event('click'))")
    selected = page.evaluate(f"{INSIDE}.location.hash")
    check.holds("a state is selected", selected == "#visit-0")
    check.fill("document.querySelector('.task textarea')", '{"yes": true}')
    time.sleep(1.5)
    check.holds("a half-written answer stays", page.evaluate("document.activeElement === document.querySelector('.task textarea') && document.activeElement.value") == '{"yes": true}')
    page.evaluate(f"{INSIDE}.marked = true")
    page.click("document.querySelector('.task button[type=submit]')")
    check.until("the page is of the end", f"{INSIDE}.querySelector('#status')?.textContent === 'SUCCEEDED' && !{INSIDE}.marked")
    check.until("the bar says so too", "document.querySelector('#opened-status').textContent === 'SUCCEEDED'")
    check.holds("the selected state stays selected", page.evaluate(f"{INSIDE}.location.hash") == selected)
    check.holds("no task waits", page.evaluate("getComputedStyle(document.querySelector('#tools')).display") == "none")

    # Back to the list, and another execution, which is stopped.
    page.click("document.querySelector('#back')")
    check.until("the list is back", "document.querySelector('#rows tr') && getComputedStyle(document.querySelector('#list')).display !== 'none'")
    check.fill("document.querySelector('#start [name=name]')", "two")
    page.click("document.querySelector('#start button')")
    check.until("the other can be stopped", "location.hash.endsWith('two') && !document.querySelector('#stop-toggle').hidden")
    page.click("document.querySelector('#stop-toggle')")
    page.write("Enough")
    page.press("Enter")
    check.until("it is stopped", f"{INSIDE}.querySelector('#status')?.textContent === 'ABORTED' && {INSIDE}.body.innerText.includes('Enough')")
    page.click("document.querySelector('#home')")

    # A third one waits, while the list is filtered.
    check.fill("document.querySelector('#start [name=name]')", "three")
    page.click("document.querySelector('#start button')")
    check.until("the third is opened", "location.hash.endsWith('three')")
    page.click("document.querySelector('#home')")
    check.until("all are listed", "document.querySelectorAll('#rows tr').length === 3 && document.querySelector('.task') && !document.querySelector('#main.opened')")
    check.shot("ui-list.png")
    page.prefer("dark")
    check.shot("ui-list-dark.png")
    page.prefer("light")
    check.fill("document.querySelector('#text')", "TWO")
    check.until("the list is narrowed", "document.querySelectorAll('#rows tr').length === 1 && document.querySelector('#count').textContent === '1 of 3'")
    page.evaluate("document.querySelector('.task').querySelectorAll('input')[0].value = 'No'")
    page.click("document.querySelectorAll('.task form')[1].querySelector('button')")
    check.until("the last task is failed", "!document.querySelector('.task')")
    foreign = [asked for asked in page.requests if not asked.startswith((check.url, "data:"))]
    check.holds(f"nothing is asked of others: {foreign}", not foreign)
    # The refusal that was wanted above is noted by the browser.
    faults = [told for told in page.complaints if "status of 400" not in told]
    check.holds(f"nothing goes wrong unseen: {faults}", not faults)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--screenshots")
    arguments = parser.parse_args()
    program = driver.find()
    if program is None:
        print("there is no Chromium")
        return ANSWER_OF_A_SKIPPED_TEST
    with driver.Browser(program) as browser:
        check = Check(browser.page(1300, 900), arguments.url, arguments.screenshots)
        try:
            use(check)
        except TimeoutError as late:
            check.faults.append(str(late))
    print("\n".join(check.faults))
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
