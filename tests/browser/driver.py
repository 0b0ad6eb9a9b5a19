#!/usr/bin/env python3
"""Drives a headless Chromium over its pipe, with nothing but the standard library.

`Browser` starts one, `Page.evaluate` runs JavaScript, `Page.press` and `Page.click` act as a user does. What the page
wrote to its console, threw, and asked of the network is in `Page.complaints` and `Page.requests`.
"""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
DEADLINE = 60.0

KEYS = {
    "Enter": (13, "\r"),
    " ": (32, " "),
    "Escape": (27, ""),
    "Tab": (9, ""),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
}


def find():
    """The path of a Chromium, or None."""
    chosen = os.environ.get("SFN_TESTKIT_CHROMIUM")
    names = [chosen] if chosen else NAMES
    return next((found for found in map(shutil.which, names) if found), None)


class Browser:
    """A Chromium of its own, with a profile that is thrown away."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="sfn-testkit-browser-")
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def wire_up():
            # Duplicates first: a pipe may already have one of the numbers that Chromium expects.
            incoming, outgoing = os.dup(to_browser), os.dup(from_browser)
            incoming, outgoing = (os.dup(incoming), os.dup(outgoing)) if {incoming, outgoing} & {3, 4} else (incoming, outgoing)
            os.dup2(incoming, 3)
            os.dup2(outgoing, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
             "--hide-scrollbars", "--force-color-profile=srgb", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=wire_up,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.ids = itertools.count(1)
        self.unread = b""
        self.listeners = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.send("Browser.close")
            self.process.wait(timeout=10)
        except (OSError, TimeoutError, subprocess.TimeoutExpired, RuntimeError):
            self.process.kill()
            self.process.wait()
        os.close(self.write_end)
        os.close(self.read_end)
        shutil.rmtree(self.profile, ignore_errors=True)

    def send(self, method, session=None, **parameters):
        """The result of a command of the DevTools protocol."""
        number = next(self.ids)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        return self.wait(lambda answer: answer.get("id") == number, method)

    def wait(self, is_wanted, what):
        until = time.monotonic() + DEADLINE
        while True:
            message = self.receive(until, what)
            if "method" in message:
                for listener in self.listeners.get(message.get("sessionId"), []):
                    listener(message["method"], message["params"])
            if is_wanted(message):
                if "error" in message:
                    raise RuntimeError(f"{what}: {message['error']}")
                return message.get("result", message)

    def receive(self, until, what):
        while b"\0" not in self.unread:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.read_end], [], [], left)[0]:
                raise TimeoutError(f"the browser did not answer {what} in {DEADLINE} seconds")
            piece = os.read(self.read_end, 1 << 20)
            if not piece:
                raise RuntimeError(f"the browser ended during {what}")
            self.unread += piece
        message, self.unread = self.unread.split(b"\0", 1)
        return json.loads(message)

    def page(self, width=1400, height=1000):
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, session, width, height)


class Page:
    def __init__(self, browser, session, width, height):
        self.browser, self.session = browser, session
        self.complaints, self.requests = [], []
        self.is_loaded = False
        browser.listeners[session] = [self.listen]
        for domain in ["Page", "Runtime", "Network", "Log"]:
            self.send(f"{domain}.enable")
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def listen(self, method, parameters):
        if method == "Page.loadEventFired":
            self.is_loaded = True
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(" ".join(str(argument.get("value")) for argument in parameters["args"]))
        elif method == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])

    def send(self, method, **parameters):
        return self.browser.send(method, self.session, **parameters)

    def open(self, path, fragment=""):
        self.is_loaded = False
        self.send("Page.navigate", url="file://" + os.path.abspath(path) + fragment)
        while not self.is_loaded:
            self.browser.wait(lambda _: True, "the end of loading")

    def evaluate(self, expression):
        """The value of an expression, as JSON has it."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def press(self, key, times=1):
        code, text = KEYS[key]
        for _ in range(times):
            common = {"key": key, "windowsVirtualKeyCode": code}
            self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
            self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def write(self, text):
        self.send("Input.insertText", text=text)

    def click(self, expression):
        """Clicks into the middle of an element, given as JavaScript."""
        self.evaluate(f"({expression}).scrollIntoView({{block: 'center', inline: 'center'}})")
        x, y = self.evaluate(
            f"(() => {{ const box = ({expression}).getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()")
        for kind in ["mousePressed", "mouseReleased"]:
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def prefer(self, scheme):
        """`light` or `dark`, as the system of a user may say."""
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path, whole=False):
        image = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(image["data"]))
