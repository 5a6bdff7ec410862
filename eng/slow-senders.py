"""Drives a gateway with slow senders, an honest partner beside them, and idle TLS connections. See slow-senders.sh."""
import argparse, asyncio, json, multiprocessing, os, pathlib, random, socket, ssl, subprocess, tempfile, time

HONEST, SLOW = "127.0.0.1", "127.0.0.2"  # the partnership of the honest one names its address; the slow ones have proven nothing


def head(sender, length, path="/as2"):
    return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAS2-Version: 1.2\r\nAS2-From: {sender}\r\nAS2-To: US\r\n"
            f"Message-ID: <{random.getrandbits(64):x}@slow.example>\r\nContent-Type: application/octet-stream\r\n"
            f"Disposition-Notification-To: x@slow.example\r\nContent-Length: {length}\r\n\r\n").encode()


def prepare(folder, port, tls_port):
    run = lambda *a: subprocess.run(a, check=True, capture_output=True)
    for name in ("us", "them"):
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}",
            "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt")
    pathlib.Path(folder, "us.pem").write_text(pathlib.Path(folder, "us.crt").read_text() + pathlib.Path(folder, "us.key").read_text())
    plain = dict(Local="US", Certificate="them.crt", RequireSigned=False, RequireEncrypted=False)
    settings = dict(
        Listen=dict(As2Port=port, FtpsPort=port + 1, **({"As2Certificate": "us.pem"} if tls_port else {})),
        As2=dict(Stations=dict(US=dict(Certificate="us.pem")),
                 Partnerships=[dict(plain, Partner="HONEST", AllowedAddresses=[HONEST]), dict(plain, Partner="SLOW")]))
    pathlib.Path(folder, "gateway.json").write_text(json.dumps(settings))


def start(gateway, folder):
    # To a file: a pipe that nobody reads fills up, and the gateway would wait for its reader.
    log = pathlib.Path(folder, "log")
    process = subprocess.Popen(["dotnet", gateway, "run", "--data", folder], stdout=log.open("w"), stderr=subprocess.STDOUT)
    while process.poll() is None:
        if "Ctrl+C" in log.read_text():
            return process
        time.sleep(0.1)
    raise SystemExit(log.read_text())


def memory(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return {l.split(":")[0]: int(l.split()[1]) // 1024 for l in lines if l.startswith(("VmRSS", "VmHWM"))}


async def slow(port, octets, every, until, held, tried):
    """One that sends what it has an octet at a time, and comes again when it is turned away."""
    while time.monotonic() < until:
        writer = None
        try:
            tried.value += 1
            reader, writer = await asyncio.open_connection(HONEST, port, local_addr=(SLOW, 0))
            held.value += 1
            first, rest = octets()
            writer.write(first)
            closed = asyncio.ensure_future(reader.read())
            for octet in rest:
                done, _ = await asyncio.wait([closed], timeout=every * (0.5 + random.random()))
                if done or time.monotonic() > until:
                    break
                writer.write(bytes([octet]))
            closed.cancel()
        except OSError:
            pass
        finally:
            if writer is not None:
                held.value -= 1
                writer.transport.abort()
        await asyncio.sleep(1)


def attacker(port, octets, count, until, held, tried):
    """A process of its own, and a nice one: the machine that attacks is another one, its processor does not count."""
    os.nice(15)

    async def all_of_them():
        await asyncio.gather(*(slow(port, octets, 5, until, held, tried) for _ in range(count)))
    asyncio.run(all_of_them())


def slow_head():
    return b"", head("SLOW", 1000)[:-2] + b"X: " + b"x" * 4000


def slow_body():
    return head("SLOW", 100_000), b"x" * 4000


async def honest(port, until, times, failures):
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection(HONEST, port)
            writer.write(head("HONEST", 1000) + b"x" * 1000)
            status = (await asyncio.wait_for(reader.readline(), 30)).split()[1:2]
            writer.transport.abort()
            if status != [b"200"]:
                failures.append(status)
        except (OSError, asyncio.TimeoutError) as e:
            failures.append(repr(e))
        times.append(time.monotonic() - began)
        await asyncio.sleep(0.02)


async def attack(port, pid, args):
    until = time.monotonic() + args.seconds
    times, failures, parties = [], [], []
    for what, octets, count in (("heads", slow_head, args.heads), ("bodies", slow_body, args.bodies)):
        held, tried = multiprocessing.Value("i", 0), multiprocessing.Value("i", 0)
        process = multiprocessing.Process(target=attacker, args=(port, octets, count, until, held, tried), daemon=True)
        process.start()
        parties.append((what, held, tried, process))
    said = lambda: ", ".join(f"{held.value} slow {what} open, {tried.value} connections tried" for what, held, tried, _ in parties)
    await asyncio.sleep(args.seconds / 4)
    print(f"at the start of the honest traffic: {said()}")
    sampled = [memory(pid)["VmRSS"]]
    await asyncio.gather(*(honest(port, until - 2, times, failures) for _ in range(4)))
    print(f"at its end: {said()}")
    times.sort()
    print(f"honest messages: {len(times)}, failed: {len(failures)} {failures[:3]}")
    print("honest times in ms: " + ", ".join(f"{n} {times[min(len(times) - 1, int(len(times) * q))] * 1000:.0f}" for n, q in (("median", .5), ("p95", .95), ("p99", .99), ("worst", 1))))
    print(f"gateway memory in MiB: at the start {sampled[0]}, at the end {memory(pid)['VmRSS']}, most {memory(pid)['VmHWM']}")
    for *_, process in parties:
        process.terminate()
        process.join()


async def idle(port, pid, count):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opened, gate = [], asyncio.Semaphore(50)

    async def one():
        async with gate:
            opened.append(await asyncio.open_connection(HONEST, port, ssl=context, local_addr=("127.0.0.%d" % random.randint(2, 9), 0), ssl_handshake_timeout=60))
    began = time.monotonic()
    results = await asyncio.gather(*(one() for _ in range(count)), return_exceptions=True)
    failed = [r for r in results if r is not None]
    print(f"idle TLS connections: {len(opened)} in {time.monotonic() - began:.0f} s, failed: {len(failed)} {failed[:2]}")
    print(f"gateway memory in MiB: {memory(pid)}")
    for _, writer in opened:
        writer.transport.abort()


def free_port():
    with socket.socket() as s:
        s.bind((HONEST, 0))
        return s.getsockname()[1]


def with_gateway(gateway, tls, work):
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        prepare(folder, port, tls)
        process = start(gateway, folder)
        try:
            asyncio.run(work(port, process.pid))
        finally:
            process.terminate()
            process.wait(60)


parser = argparse.ArgumentParser()
parser.add_argument("gateway")
for name, default in (("heads", 2000), ("bodies", 2000), ("idle", 5000), ("seconds", 60)):
    parser.add_argument(f"--{name}", type=int, default=default)
args = parser.parse_args()
with_gateway(args.gateway, False, lambda port, pid: attack(port, pid, args))
if args.idle:
    with_gateway(args.gateway, True, lambda port, pid: idle(port, pid, args.idle))
