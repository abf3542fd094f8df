"""What visitors do: ask, ask wrongly, go away in the middle of it. Each action
has a connection of its own, and a random number generator of its thread."""
import select
import socket
import struct

GETS = [
    "/hello", "/sum?a=1&b=2", "/timer?ms=5", "/timer?ms=40",
    "/file?path=README.md", "/flow?ms=1&path=README.md&a=1&b=2", "/context",
    "/lookup?host=localhost", "/healthz", "/metrics", "/debug?limit=20",
    "/debug/tree", "/debug/graph?format=dot", "/debug/requests",
    "/debug/resources?group_by=site", "/debug/threads", "/none", "/sum?a=x",
]
FIELDS = [
    "Accept: */*", "User-Agent: soak", "X-Long: " + "x" * 3000,
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "baggage: user=alice,k=v", "Range: bytes=0-99", "If-None-Match: \"a\"",
    "Expect: 100-continue",
]
HOSTILE = [b"\0", b"\r", b"\n", b" ", b"\t", b":", b"\xff", b"%00", b"..",
           b"\x1b[2J", b"<script>", b"\"", b"\\", b";", b",", b"chunked", b"0",
           b"-1", b"18446744073709551615", b"\r\n\r\n", b"\r\n "]


def connect(port):
    sock = socket.create_connection(("127.0.0.1", port), 30)
    sock.settimeout(30)
    return sock


def request(random, target=None, close=True, method="GET", body=b""):
    lines = [f"{method} {target or random.choice(GETS)} HTTP/1.1",
             "Host: localhost"]
    lines += random.sample(FIELDS, random.randrange(3))
    if close:
        lines.append("Connection: close")
    if body and random.random() < 0.5:
        lines.append("Transfer-Encoding: chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part)
                        for part in (body[:7], body[7:]) if part) + b"0\r\n\r\n"
    elif body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_to_end(sock, pause=None):
    data = b""
    while True:
        try:
            piece = sock.recv(4096)
        except ConnectionResetError:
            return data
        if not piece:
            return data
        data = (data + piece)[:1 << 20]
        if pause:
            pause()


def send(sock, data):
    """False where the other side has had enough."""
    try:
        sock.sendall(data)
        return True
    except (ConnectionResetError, BrokenPipeError):
        return False


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))


def some_request(random):
    if random.random() < 0.25:
        body = bytes(random.randrange(256)
                     for _ in range(random.randrange(1, 200)))
        return request(random, "/echo", method="POST", body=body)
    return request(random)


def asks(random, port):
    """A whole request: it must have an answer."""
    with connect(port) as sock:
        send(sock, some_request(random))
        answer = read_to_end(sock)
    if not answer.startswith(b"HTTP/1.1 "):
        raise AssertionError(f"no answer: {answer[:80]!r}")


def keeps_alive(random, port):
    with connect(port) as sock:
        for _ in range(random.randrange(1, 12)):
            send(sock, request(random, "/hello", close=False))
            if not sock.recv(65536):
                break
        if random.random() < 0.5:
            reset(sock)


def pipelines(random, port):
    with connect(port) as sock:
        count = random.randrange(2, 8)
        send(sock, b"".join(request(random, close=False) for _ in range(count)))
        if random.random() < 0.3:
            reset(sock)
            return
        send(sock, request(random, "/hello"))
        read_to_end(sock)


def dies_while_asking(random, port):
    data = some_request(random)
    with connect(port) as sock:
        send(sock, data[:random.randrange(len(data))])
        if random.random() < 0.5:
            reset(sock)


def dies_while_answered(random, port):
    with connect(port) as sock:
        send(sock, some_request(random))
        if random.random() < 0.6:
            sock.recv(random.randrange(1, 2000))
        if random.random() < 0.5:
            reset(sock)


def half_closes(random, port):
    with connect(port) as sock:
        if send(sock, some_request(random)):
            try:
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                return
            read_to_end(sock)


def reads_slowly(random, port):
    with connect(port) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        send(sock, request(random, "/debug/resources?internal=1"))
        read_to_end(sock, lambda: select.select([], [], [], 0.002))


def follows_events(random, port):
    with connect(port) as sock:
        send(sock, request(random, "/debug/events?limit=5", close=False))
        for _ in range(random.randrange(1, 4)):
            if not sock.recv(65536):
                break


def mutate(random, data):
    """Parts are doubled, lost, exchanged, cut, spoiled."""
    parts = data.split(b"\r\n") if random.random() < 0.7 else list(
        data[i:i + 5] for i in range(0, len(data), 5))
    glue = b"\r\n" if random.random() < 0.9 else random.choice(HOSTILE)
    for _ in range(random.randrange(1, 5)):
        at = random.randrange(len(parts))
        change = random.randrange(5)
        if change == 0:
            parts.insert(at, random.choice(parts))
        elif change == 1 and len(parts) > 1:
            del parts[at]
        elif change == 2:
            cut = random.randrange(len(parts[at]) + 1)
            parts[at] = parts[at][:cut] + random.choice(HOSTILE) + parts[at][cut:]
        elif change == 3:
            parts[at] = parts[at][:random.randrange(len(parts[at]) + 1)]
        else:
            other = random.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
    return glue.join(parts)


def asks_wrongly(random, port):
    """Whatever comes, it is an answer or an end, and never two readings of one
    request: an answer that is none of HTTP would be one. Who hangs up at once is
    not answered by a handler, so that some wait for a while, and some ask well
    behind it."""
    data = mutate(random, some_request(random))
    if random.random() < 0.5:
        data += request(random, "/hello")
    with connect(port) as sock:
        if not send(sock, data):
            return
        if random.random() < 0.7:
            select.select([sock], [], [], 0.05)
        try:
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            return
        answer = read_to_end(sock)
    if answer and not answer.startswith(b"HTTP/1.1 "):
        raise AssertionError(f"no answer of HTTP: {answer[:80]!r}")


ACTIONS = [asks, asks, asks, keeps_alive, pipelines, dies_while_asking,
           dies_while_asking, dies_while_answered, dies_while_answered,
           half_closes, reads_slowly, follows_events, asks_wrongly,
           asks_wrongly]
