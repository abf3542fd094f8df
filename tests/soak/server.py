"""The server under test, and what can be seen of it from outside."""
import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.request

OPTIONS = ["--listen", "127.0.0.1:0", "--debug-listen", "127.0.0.1:0",
           "--loops", "2", "--workers", "2", "--access-log", "off",
           "--header-timeout", "5", "--request-timeout", "5",
           "--keep-alive-timeout", "5", "--write-timeout", "5"]


class Server:
    def __init__(self, binary, root):
        self.stderr = tempfile.TemporaryFile("w+", errors="replace")
        self.process = subprocess.Popen(
            [binary, *OPTIONS, "--root", root], stdout=subprocess.PIPE,
            stderr=self.stderr, text=True)
        self.port = self._read_port("asyncscope: listening on ")
        self.debug_port = self._read_port("asyncscope: debug on ")

    def _read_port(self, beginning):
        line = self.process.stdout.readline().strip()
        if not line.startswith(beginning):
            raise SystemExit(f"the server said {line!r}")
        return int(line.rsplit(":", 1)[1])

    def is_alive(self):
        return self.process.poll() is None

    def ask_debug(self, target):
        url = f"http://127.0.0.1:{self.debug_port}{target}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read()

    def snapshot(self):
        return json.loads(self.ask_debug("/debug?limit=1000000"))

    def _proc(self, name):
        return f"/proc/{self.process.pid}/{name}"

    def descriptors(self):
        return len(os.listdir(self._proc("fd")))

    def threads(self):
        return len(os.listdir(self._proc("task")))

    def resident_kib(self):
        with open(self._proc("status")) as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        return 0

    def await_quiet(self, seconds=120):
        """Until nothing is left of what visitors did; answers the state."""
        end = time.monotonic() + seconds
        while True:
            counts = self.snapshot()["counts"]
            left = {
                "live": counts["live"] - 2,  # two listeners
                "requests": counts["requests"],
                "frames": counts["frames"]["created"] -
                          counts["frames"]["released"],
                "stores": counts["stores"]["created"] -
                          counts["stores"]["released"],
                "destroysPending": counts["destroysPending"],
            }
            if not any(left.values()):
                return left
            if time.monotonic() > end:
                raise AssertionError(f"not quiet: {left}, {counts['byType']}")

    def stop(self):
        if self.is_alive():
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)

    def said(self):
        """The end of what it wrote, but for what it says of every visitor."""
        self.stderr.seek(0)
        lines = [line for line in self.stderr if " refused " not in line]
        return "".join(lines[-60:])
