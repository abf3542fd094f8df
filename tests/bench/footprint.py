#!/usr/bin/env python3
"""Memory and start-up of the server, and of the bare ones beside it.

usage: footprint.py [--connections N] [--starts N] [--json FILE] BUILD

  idle      resident bytes that N connections add which have had one answer and
            wait for their next request; with TLS 1.3 a fifth of N, as their
            other ends live in this process
  start-up  from before the program is started to its first whole answer
  resident  half a second later
"""

import argparse
import json
import os
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

import servers


def resident_bytes(pid):
    for line in open("/proc/%d/status" % pid):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    sys.exit("process %d has no memory" % pid)


def idle_bytes(server, load, connections):
    server.start()
    ask = [load, "-n", "1", "-p", str(server.pid)]
    subprocess.run(ask + ["-c", "64", "-n", "4", str(server.port), "/hello"],
                   check=True, stdout=subprocess.DEVNULL)
    before = resident_bytes(server.pid)
    client = subprocess.Popen(
        ask + ["-c", str(connections), "-k", str(server.port), "/hello"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if not client.stdout.readline():
        sys.exit("%s does not serve %d connections" % (server.name, connections))
    each = (resident_bytes(server.pid) - before) / connections
    client.communicate()
    server.stop()
    return each


REQUEST = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"


def certificate(directory):
    files = [os.path.join(directory, name) for name in ("cert.pem", "key.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-out", files[0], "-keyout", files[1]],
        check=True, stderr=subprocess.DEVNULL)
    return files


def answered_by_tls(port, context):
    client = context.wrap_socket(socket.create_connection(("127.0.0.1", port)))
    client.sendall(REQUEST)
    answer = b""
    while not answer.endswith(b"hello\n"):
        answer += client.recv(4096)
    return client


def idle_tls_bytes(binary, connections):
    port = servers.free_port()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with tempfile.TemporaryDirectory() as directory:
        cert, key = certificate(directory)
        server = subprocess.Popen(
            [binary, "--listen", "127.0.0.1:%d" % port, "--debug-listen", "off",
             "--tls-cert", cert, "--tls-key", key, "--access-log", "off",
             "--keep-alive-timeout", "600"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        server.stdout.readline()
        clients = [answered_by_tls(port, context) for _ in range(64)]
        before = resident_bytes(server.pid)
        clients += [answered_by_tls(port, context) for _ in range(connections)]
        each = (resident_bytes(server.pid) - before) / connections
        server.kill()
        server.wait()
    return each


def answer(port):
    """Whether there is a whole one."""
    with socket.socket() as client:
        if client.connect_ex(("127.0.0.1", port)) != 0:
            return False
        client.sendall(REQUEST)
        return client.recv(4096).endswith(b"hello\n")


def start_up(binary):
    port = servers.free_port()
    command = [binary, "--listen", "127.0.0.1:%d" % port, "--debug-listen",
               "127.0.0.1:0", "--access-log", "off"]
    quiet = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_WRONLY, 0)
             for fd in (1, 2)]
    began = time.monotonic()
    pid = os.posix_spawn(binary, command, os.environ, file_actions=quiet)
    while not answer(port):
        if time.monotonic() - began > 30:
            sys.exit("no answer")
        time.sleep(0.0002)
    took_ms = (time.monotonic() - began) * 1000
    time.sleep(0.5)
    resident = resident_bytes(pid)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    return took_ms, resident


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--connections", type=int, default=10000)
    parser.add_argument("--starts", type=int, default=15)
    parser.add_argument("--json")
    parser.add_argument("build")
    arguments = parser.parse_args()
    servers.raise_descriptors()
    load = os.path.join(arguments.build, "tests/bench/bench_load")
    known, _ = servers.all_servers(arguments.build, "")
    results = {"idle_bytes": {}}
    for server in known:
        if server.name in ("asyncscope", "floor", "uv_llhttp", "nginx", "h2o"):
            each = idle_bytes(server, load, arguments.connections)
            results["idle_bytes"][server.name] = round(each)
            print("%-12s %6.0f bytes resident for each of %d idle connections" %
                  (server.name, each, arguments.connections))
    sealed = arguments.connections // 5
    each = idle_tls_bytes(
        os.path.join(arguments.build, "bin/asyncscope"), sealed)
    results["idle_bytes"]["asyncscope_tls"] = round(each)
    print("%-12s %6.0f bytes resident for each of %d idle connections" %
          ("  with TLS", each, sealed))
    starts = [start_up(os.path.join(arguments.build, "bin/asyncscope"))
              for _ in range(arguments.starts)]
    times = [took for took, _ in starts]
    results["start_ms"] = round(statistics.median(times), 1)
    results["resident_bytes"] = max(resident for _, resident in starts)
    print("start-up     %6.1f ms to the first answer (%.1f to %.1f)" % (
        results["start_ms"], min(times), max(times)))
    print("resident     %6.2f MB behind it, at most" % (
        results["resident_bytes"] / 1e6))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(results, file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
