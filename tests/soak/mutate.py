"""mutate.py SERVER ROOT COUNT [SEED]: so many requests with parts doubled, lost,
exchanged and spoiled. The server answers each or ends the connection, and still
serves whoever asks well; it is to be one built with sanitizers."""
import random
import sys

import traffic
from server import Server

BETWEEN = 50  # of them a good one


def main(binary, root, count, seed):
    server = Server(binary, root)
    rng = random.Random(seed)
    wrong = []
    for i in range(count):
        try:
            traffic.asks_wrongly(rng, server.port)
            if i % BETWEEN == 0:
                traffic.asks(rng, server.port)
        except ConnectionResetError:
            pass
        except Exception as error:
            wrong.append(f"{i}: {error!r}")
            break
    if not wrong:
        server.await_quiet()
    status = server.stop()
    if status != 0:
        wrong.append(f"exit status {status}")
    for line in wrong:
        print(f"mutate: WRONG: {line}")
    if wrong:
        print(server.said())
    print(f"mutate: {i + 1} requests, seed {seed}: "
          f"{'NOT well' if wrong else 'well'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]),
                  int(sys.argv[4]) if len(sys.argv) > 4 else 1))
