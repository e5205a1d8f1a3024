"""The `hub` command."""

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django is set up before what imports models
    from inbound_email.process_doors import Doors

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

DESCRIPTION = """Parvis, the real-time hub of a town hall.

Every Django command works too: `hub migrate`, `hub createcachetable`, … (`hub help` lists them)."""


class _OneLineEach(argparse.RawDescriptionHelpFormatter):
    """argparse breaks the line of a command as long as ours."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = 18


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command. Exits non-zero, with a sentence, when it can't."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    if arguments and not arguments[0].startswith("-") and arguments[0] not in _COMMANDS:
        _django(arguments)
        return
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return
    _COMMANDS[options.command](options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hub",
        description=DESCRIPTION,
        formatter_class=_OneLineEach,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser("demo", help="a demo home with two towns, all in one process")
    demo.add_argument("--fresh", action="store_true", help="begin again with an empty demo")
    serve = commands.add_parser("serve", help="web, worker and clock in one process")
    web = commands.add_parser("web", help="one web process (HTTP and WebSocket)")
    for server in (demo, serve, web):
        server.add_argument("--host", default="127.0.0.1")
        server.add_argument("--port", type=int, default=8000)
    worker = commands.add_parser("worker", help="one worker process")
    worker.add_argument("--channels", default="", help="queues to work on, with commas; all by default")
    worker.add_argument("--threads", type=int, default=0, help="tasks at once; by default enough for its queues")
    commands.add_parser("clock", help="the clock: exactly one per installation")
    commands.add_parser("receive-smtp", help="the door for mail: SMTP and LMTP")
    commands.add_parser("receive-imap", help="brings mail from a mailbox (IMAP)")
    receive = commands.add_parser("receive", help="takes one mail on standard input")
    receive.add_argument("recipients", nargs="*", metavar="ADDRESS", help="whom it is for; looked for in it by default")
    receive.add_argument("--sender", help="whom it goes back to; empty for nobody")
    mails = commands.add_parser("mails", help="mails that came in and no desk shows")
    mails.add_argument("--show", type=int, metavar="N", help="one as it came")
    mails.add_argument("--retry", type=int, nargs="+", default=[], metavar="N", help="read them again")
    mails.add_argument("--dismiss", type=int, nargs="+", default=[], metavar="N", help="nothing is done with them")
    commands.add_parser("doctor", help="check the configuration and what it reaches")
    token = commands.add_parser("token", help="print an API token for a person")
    token.add_argument("email")
    return parser


def _django(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hub", *arguments])


def _setup() -> None:
    import django

    with _loading():
        django.setup()


@contextlib.contextmanager
def _loading() -> Iterator[None]:
    """Of what is imported nothing is garbage: to look for it takes a seventh of the time."""
    gc.disable()
    yield
    gc.enable()


def _demo(options: argparse.Namespace) -> None:
    home = Path(os.environ.get("PARVIS_HOME", ".parvis"))
    os.environ.setdefault("PARVIS_PUBLIC_URL", f"http://{options.host}:{options.port}")
    from hub.demo import home as demo_home

    demo_home.prepare(home, fresh=options.fresh)
    os.environ["PARVIS_HOME"] = str(home)  # whatever a .env says: a real home never gets demo accounts
    _setup()
    from hub.demo import seed

    seed.run()
    from inbound_email.process_doors import Doors

    doors = Doors(any_port=True)
    doors.start()
    seed.announce(options.host, options.port, [f"{place.port} ({door.label})" for door, place in doors.places.items()])
    _serve_with(doors, options)


def _serve(options: argparse.Namespace) -> None:
    _setup()
    _migrate()
    from inbound_email.process_doors import Doors

    doors = Doors()
    doors.start()
    _serve_with(doors, options)


def _serve_with(doors: "Doors", options: argparse.Namespace) -> None:
    _prepare_assets()  # before the application is built: it lists the static files once
    with _loading():
        from consumers import server
        from hub.embedded import Embedded
        from routing import application

    embedded = Embedded()
    embedded.start()
    try:
        server.run(host=options.host, port=options.port, application=application)
    finally:
        doors.stop()
        ended = embedded.stop()
    if not ended:
        os._exit(0)  # a thread still talks to a slow relay; leaving by the door would wait for it


def _prepare_assets() -> None:
    from hub.web import assets

    assets.prepare()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _web(options: argparse.Namespace) -> None:
    _setup()
    _prepare_assets()
    with _loading():
        from consumers import server
        from routing import application

    server.run(host=options.host, port=options.port, application=application)


def _worker(options: argparse.Namespace) -> None:
    _setup()
    from hub.celery import QUEUES, app, threads_for

    queues = options.channels or ",".join(QUEUES)
    threads = options.threads or threads_for(queues.split(","))
    app.worker_main(
        ["worker", "--pool", "threads", "--concurrency", str(threads), "--queues", queues,
         "--without-gossip", "--without-mingle", "--loglevel", "WARNING", "--hostname", f"{queues}-{os.getpid()}@%h"]
    )  # fmt: skip


def _clock(options: argparse.Namespace) -> None:
    _setup()
    from hub.celery import app

    app.start(["beat", "--scheduler", "celery.beat.Scheduler", "--schedule", "", "--loglevel", "WARNING"])


def _receive_smtp(options: argparse.Namespace) -> None:
    _setup()
    from inbound_email.commands import receive_smtp

    sys.exit(receive_smtp())


def _receive_imap(options: argparse.Namespace) -> None:
    _setup()
    from inbound_email.commands import receive_imap

    sys.exit(receive_imap())


def _receive(options: argparse.Namespace) -> None:
    try:
        _setup()
        from inbound_email.commands import receive
    except Exception as error:  # any other exit code would have a mail server give the mail back
        print(f"hub: not kept ({error}): try again later", file=sys.stderr)
        sys.exit(75)
    sys.exit(receive(options.recipients, options.sender))


def _mails(options: argparse.Namespace) -> None:
    _setup()
    from inbound_email.commands import mails

    sys.exit(mails(show=options.show, retry=options.retry, dismiss=options.dismiss))


def _doctor(options: argparse.Namespace) -> None:
    _setup()
    from hub.doctor import examine
    from inbound_email.doctor import CHECKS as DOORS

    sys.exit(0 if examine(DOORS) else 1)


def _token(options: argparse.Namespace) -> None:
    _setup()
    from hub.people.actions import issue_token
    from hub.people.models import Person

    person = Person.objects.filter(email__iexact=options.email).first()
    if person is None:
        sys.exit(f"hub: nobody has the address {options.email}")
    print(issue_token(person=person, name="hub token"))


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "demo": _demo,
    "serve": _serve,
    "web": _web,
    "worker": _worker,
    "clock": _clock,
    "receive-smtp": _receive_smtp,
    "receive-imap": _receive_imap,
    "receive": _receive,
    "mails": _mails,
    "doctor": _doctor,
    "token": _token,
}

if __name__ == "__main__":
    main()
