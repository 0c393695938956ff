"""Speaks the WebDriver protocol to chromedriver, as far as the tests of the report need it.

Source: https://www.w3.org/TR/webdriver2/
"""

import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE_S = 20


class no_browser(Exception):
    """This machine has no chromium, or no chromedriver."""


def found(*names):
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise no_browser(f"{names[0]} is not installed")


def installed():
    """Returns the paths of chromium and of chromedriver."""
    return found("chromium", "chromium-browser", "google-chrome"), found("chromedriver")


class browser:
    """One headless chromium; all its files are in a directory that goes with it."""

    def __init__(self, width=1440, height=900):
        chromium, driver = installed()
        self.home = tempfile.TemporaryDirectory(prefix="isolite-browser-")
        environment = {**os.environ, "HOME": self.home.name, "TMPDIR": self.home.name}
        self.log = pathlib.Path(self.home.name, "driver.log")
        with self.log.open("wb") as log:
            self.driver = subprocess.Popen(
                [driver, "--port=0"], stdout=log, stderr=log, env=environment, start_new_session=True,
            )
        self.session = None
        try:
            self.address = f"http://127.0.0.1:{self.port()}"
            self.start(chromium, width, height)
        except BaseException:
            self.close()
            raise

    def port(self):
        def told():
            words = self.log.read_text(errors="replace").partition("started successfully on port ")[2]
            return int(words.split(".")[0]) if "." in words else None

        return eventually(told, "chromedriver says its port")

    def start(self, chromium, width, height):
        options = {
            "binary": chromium,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--hide-scrollbars",
                f"--window-size={width},{height}", f"--user-data-dir={self.home.name}/profile",
            ],
        }
        wanted = {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
        }
        answer = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{answer['sessionId']}"

    def close(self):
        try:
            if self.session:
                self.ask("DELETE", self.session)
        finally:
            os.killpg(self.driver.pid, signal.SIGTERM)
            self.driver.wait()
            self.home.cleanup()

    def ask(self, method, path, content=None):
        data = None if method != "POST" else json.dumps(content or {}).encode()
        request = urllib.request.Request(
            self.address + path, data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from error

    def tell(self, path, content=None):
        return self.ask("POST", self.session + path, content)

    def open(self, address):
        self.tell("/url", {"url": address})

    def run(self, script, *arguments):
        """Runs a function's body in the page and returns its result."""
        return self.tell("/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        """Like run(), but the result is what the body gives to `done`."""
        body = f"const done = arguments[arguments.length - 1]; {script}"
        return self.tell("/execute/async", {"script": body, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self.tell("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def find(self, selector):
        return self.tell("/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.tell(f"/element/{self.find(selector)}/click")

    def type_into(self, selector, text):
        self.tell(f"/element/{self.find(selector)}/value", {"text": text})

    def act(self, kind, parameters, *actions):
        source = {"type": kind, "id": kind, **parameters, "actions": list(actions)}
        self.tell("/actions", {"actions": [source]})

    def point_at(self, x, y, *more):
        """Moves the mouse to a place of the window, and does more with it."""
        move = {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}
        self.act("pointer", {"parameters": {"pointerType": "mouse"}}, move, *more)

    def drag(self, x, y, to_x):
        self.point_at(
            x, y, {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "duration": 50, "x": round(to_x), "y": round(y)},
            {"type": "pointerUp", "button": 0},
        )

    def wheel(self, x, y, delta):
        turn = {"type": "scroll", "x": round(x), "y": round(y), "deltaX": 0, "deltaY": delta, "duration": 0}
        self.act("wheel", {}, turn)

    def pinch(self, x, y, start, end):
        """Puts two fingers beside a place and moves them from one distance to another."""
        def finger(name, side):
            def at(distance, duration):
                place = {"x": round(x + side * distance / 2), "y": round(y)}
                return {"type": "pointerMove", "duration": duration, **place}

            moves = [at(start, 0), {"type": "pointerDown"}, at(end, 50), {"type": "pointerUp"}]
            return {"type": "pointer", "id": name, "parameters": {"pointerType": "touch"}, "actions": moves}

        self.tell("/actions", {"actions": [finger("left", -1), finger("right", 1)]})

    def resize(self, width, height, scale=1):
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=False,
        )

    def prefer(self, media="", **features):
        """Emulates a medium and its features: prefer(prefers_color_scheme="dark")."""
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.devtools("Emulation.setEmulatedMedia", media=media, features=listed)

    def printed(self):
        """Returns the page as PDF."""
        return base64.b64decode(self.devtools("Page.printToPDF")["data"])

    def complaints(self):
        """Returns what the console got since it was last asked."""
        return [entry["message"] for entry in self.tell("/se/log", {"type": "browser"})]

    def picture(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.ask("GET", self.session + "/screenshot")))


def eventually(claim, what):
    """Waits until a claim returns something true, and returns that."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        result = claim()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited in vain until {what}")
