"""asyncscope in gdb: what lives in a process or in its core, and why.

    asyncscope ps [THREAD]   threads, what each is in, and what lives there
    asyncscope why ID        the causes of a resource, up to the first
                             (ID is THREAD:ID as in /debug, or an id alone
                             where one thread only has it)

Reads memory and calls nothing, so a core will do, and a thread that stopped in
the middle of a change: a record that was being changed is marked with a *. It
needs the debug symbols of the library, or of the program it is linked into.
Ages are those at the last time that any thread had looked at the clock.
"""

import gdb

FLAG_EMITTED, FLAG_FINISHED = 1 << 0, 1 << 2
FLAG_INTERNAL, FLAG_UNREF, FLAG_CLOSING = 1 << 4, 1 << 5, 1 << 10
SITE_BITS = 48
NAME_OF_REQUEST = 1 << 31  # of a name's place
CHUNK_FIRST = 64
PAGE_TYPES = 256
CHAIN_MAX = 1000  # of causes: memory that is damaged may hold a ring
KINDS = ("loop", "worker", "other")


def static_of(name, field):
    """The file-level variable `name` whose type has `field`.

    What is optimised as a whole has a second symbol, without a place.
    """
    for symbol in gdb.lookup_static_symbols(name):
        value = symbol.value()
        if value.is_optimized_out:
            continue
        if value.type.strip_typedefs().code != gdb.TYPE_CODE_STRUCT:
            continue
        if any(f.name == field for f in value.type.fields()):
            return value
    raise gdb.GdbError("no debug symbols of asyncscope: is it loaded?")


def text(value):
    """Anybody's bytes, as they may be shown."""
    shown = value.decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "?" for c in shown)


def words_text(words, count):
    data = b"".join(int(words[i]).to_bytes(8, "little") for i in range(count))
    return text(data.split(b"\0")[0])


class Slab:
    """Chunks of elements: the first has 64, each other twice as many."""

    def __init__(self, value, element_type):
        self.value = value
        self.pointer = gdb.lookup_type(element_type).pointer()

    def __iter__(self):
        for chunk in range(int(self.value["chunk_count"])):
            memory = self.value["chunks"][chunk]
            first = memory.cast(self.pointer)
            for i in range(int(self.value["used"][chunk])):
                yield first[i]

    def at(self, index):
        chunk = (index + CHUNK_FIRST).bit_length() - 7
        offset = (index + CHUNK_FIRST) - (CHUNK_FIRST << chunk)
        return self.value["chunks"][chunk].cast(self.pointer)[offset]


type_names = {}  # of the process that the running command looks at


def type_name(number):
    if number not in type_names:
        type_names[number] = read_type_name(number)
    return type_names[number]


def read_type_name(number):
    page = static_of("table", "pages")["pages"][number // PAGE_TYPES]
    if int(page) == 0:
        return "?"
    entry = page.dereference()["types"][number % PAGE_TYPES]
    if int(entry) == 0:
        return "?"
    name = entry.dereference()["name"].address
    return text(name.cast(gdb.lookup_type("char").pointer()).string()
                .encode("utf-8", "replace"))


def site_text(address):
    if address == 0:
        return "?"
    site = gdb.Value(address).cast(gdb.lookup_type("async_site_t").pointer())
    path = site["file"].string().split("/")[-1]
    return "%s:%d %s" % (path, int(site["line"]), site["function"].string())


class Resource:
    """A copy of one record, or of a remembered ancestor."""

    def __init__(self, env, record):
        cause = int(record["trigger_thread_and_frame"])
        site_and_type = int(record["site_and_type"])
        flags = int(record["name_calls_flags"])
        run_and_calls = int(record["run_and_calls"])
        self.env = env
        self.key = (env.thread, int(record["async_id"]))
        self.trigger = (cause >> 32, int(record["trigger_async_id"]))
        self.type = type_name(site_and_type >> SITE_BITS)
        self.site = site_text(site_and_type & ((1 << SITE_BITS) - 1))
        self.created_ns = int(record["created_ns"])
        self.request = int(record["request"])
        self.flags = flags & 0xFFFF
        self.calls = (flags & 0xFFFF0000) | (run_and_calls & 0xFFFF)
        self.name = env.name_at(flags >> 32)
        self.torn = int(record["slot"]["sequence"]) % 2 == 1

    def state(self):
        if self.key[1] in self.env.running():
            return "running"
        if self.flags & (FLAG_EMITTED | FLAG_FINISHED):
            return "ended"
        if self.flags & FLAG_CLOSING:
            return "closing"
        return "idle" if self.calls else "init"

    def line(self, now_ns):
        title = "%s %d:%d" % ((self.type,) + self.key)
        if self.name:
            title += ' "%s"' % self.name
        request = "r%d" % self.request if self.request else "-"
        return "%-44s %-8s %10.1f ms  %-6s %s%s" % (
            title, self.state(), max(now_ns - self.created_ns, 0) / 1e6,
            request, self.site, " *" if self.torn else "")


class Ancestor:
    """A resource that has ended and caused others."""

    def __init__(self, env, record):
        cause = int(record["trigger_thread_and_type"])
        self.key = (env.thread, int(record["async_id"]))
        self.trigger = (cause >> 32, int(record["trigger_async_id"]))
        self.type = type_name(cause & 0xFFFFFFFF)
        self.site = site_text(int(record["site"]))
        self.created_ns = int(record["created_ns"])

    def line(self, now_ns):
        title = "%s %d:%d" % ((self.type,) + self.key)
        return "%-44s %-8s %10.1f ms  %-6s %s" % (
            title, "gone", max(now_ns - self.created_ns, 0) / 1e6, "-",
            self.site)


class Env:
    """A thread's environment."""

    def __init__(self, value):
        self.value = value
        self.thread = int(value["thread"])
        self.names = Slab(value["names"], "asyncscope__name_t")
        self.now_ns = int(value["now_ns"])

    def account_at(self, index):
        accounts = self.value["requests"].dereference()["accounts"]
        return Slab(accounts, "async_request_t").at(index)

    def name_at(self, place):
        if place == 0:
            return ""
        if place & NAME_OF_REQUEST:
            words = self.account_at(place - NAME_OF_REQUEST - 1)["name"]
        else:
            words = self.names.at(place - 1)["words"]
        return words_text(words, words.type.sizeof // 8)

    def stack(self):
        published = self.value["stack"]["published"]
        entries = published["entries"]
        most = entries.type.sizeof // entries[0].type.sizeof
        depth = int(published["depth"])
        return [entries[i] for i in range(min(depth, most))]

    def running(self):
        return [int(entry["async_id"]) for entry in self.stack()]

    def resources(self):
        for record in Slab(self.value["records"], "asyncscope__record_t"):
            if int(record["async_id"]) != 0:
                yield Resource(self, record)

    def find(self, async_id):
        for record in Slab(self.value["records"], "asyncscope__record_t"):
            if int(record["async_id"]) == async_id:
                return Resource(self, record)
        return self.find_ancestor(async_id)

    def find_ancestor(self, async_id):
        ring = self.value["ancestors"]["ring"]
        if int(ring) == 0:
            return None
        first = ring.cast(gdb.lookup_type("asyncscope__ancestor_t").pointer())
        for place in range(1024):
            if int(first[place]["async_id"]) == async_id:
                return Ancestor(self, first[place])
        return None

    def head(self):
        name = self.value["name"]
        stack = self.stack()
        doing = "at top level"
        if stack:
            doing = "in %d:%d, %d deep" % (
                self.thread, int(stack[-1]["async_id"]), len(stack))
        return 'thread %d "%s"  %s, tid %d, %s' % (
            self.thread, words_text(name, name.type.sizeof // 8),
            KINDS[int(self.value["kind"])], int(self.value["os_tid"]), doing)


def environments():
    type_names.clear()
    env = static_of("list", "detects_loss")["first"]
    while int(env) != 0:
        yield Env(env.dereference())
        env = env.dereference()["next"]


class AsyncscopeCommand(gdb.Command):
    """asyncscope ps [THREAD] | asyncscope why ID"""

    def __init__(self):
        super().__init__("asyncscope", gdb.COMMAND_STATUS, prefix=True)


class PsCommand(gdb.Command):
    """What lives: asyncscope ps [THREAD]"""

    def __init__(self):
        super().__init__("asyncscope ps", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        envs = list(environments())
        now_ns = max((env.now_ns for env in envs), default=0)
        for env in envs:
            if argument and str(env.thread) != argument.strip():
                continue
            print(env.head())
            shown = sorted(env.resources(), key=lambda r: r.key)
            for resource in shown:
                if not resource.flags & FLAG_INTERNAL:
                    print("  " + resource.line(now_ns))


class WhyCommand(gdb.Command):
    """The causes of a resource: asyncscope why ID"""

    def __init__(self):
        super().__init__("asyncscope why", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        envs = {env.thread: env for env in environments()}
        now_ns = max((env.now_ns for env in envs.values()), default=0)
        found = self.named(envs, argument.strip())
        for depth in range(CHAIN_MAX):
            print("  " * depth + found.line(now_ns))
            thread, async_id = found.trigger
            if async_id <= 1:
                print("  " * (depth + 1) + ("top level" if async_id else
                                            "outside of every resource"))
                return
            cause = envs[thread].find(async_id) if thread in envs else None
            if cause is None:
                print("  " * (depth + 1) + "%d:%d is gone" % (thread, async_id))
                return
            found = cause

    @staticmethod
    def named(envs, argument):
        thread, colon, number = argument.rpartition(":")
        if not number.isdigit() or (colon and not thread.isdigit()):
            raise gdb.GdbError("asyncscope why THREAD:ID, or ID")
        where = [envs.get(int(thread))] if colon else envs.values()
        found = [r for r in (env.find(int(number)) for env in where if env)
                 if r is not None]
        if len(found) != 1:
            raise gdb.GdbError("%s %s" % (
                argument, "is not there" if not found else
                "is on several threads: say THREAD:ID"))
        return found[0]


AsyncscopeCommand()
PsCommand()
WhyCommand()
