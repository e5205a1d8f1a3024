"""A real Dovecot from Debian in a folder of its own, without rights: one box, which it also takes mails for."""

import contextlib
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.engines import die_with_parent, free_port, wait_until

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "/usr/sbin/dovecot"
VERSION = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
USERNAME, PASSWORD = "mairie@ville.example", "très-secret"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = {tls}
ssl_cert = <{folder}/certificate
ssl_key = <{folder}/certificate
disable_plaintext_auth = no
auth_mechanisms = plain login
default_login_user = {account}
default_internal_user = {account}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/box
imap_capability = {capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={account} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap {{
  client_limit = 1
}}
"""


class Dovecot:
    """`capability`: what it says that it can do, instead of the truth. `certificate`: for TLS at `tls_port`, and for
    STARTTLS at `port`; both in one file. Whoever makes one is skipped where Dovecot has another configuration (2.4)."""

    def __init__(self, capability: str = "", certificate: Path | None = None) -> None:
        if not VERSION.startswith("2.3"):
            pytest.skip(f"this writes the configuration of Dovecot 2.3, not of {VERSION}")
        self.port, self.tls_port = free_port(), free_port() if certificate else 0
        self._folder = Path(tempfile.mkdtemp(prefix="parvis-imap-"))
        self._folder.chmod(0o755)
        # Dovecot lends nobody's mail to root: root lends it to `nobody`.
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        group = subprocess.run(
            ["getent", "group", str(self._account.pw_gid)], capture_output=True, text=True, check=True
        ).stdout.partition(":")[0]
        written = CONFIGURATION.format(
            folder=self._folder, account=self._account.pw_name, group=group, port=self.port, password=PASSWORD,
            capability=capability, tls="yes" if certificate else "no", tls_port=self.tls_port,
        )  # fmt: skip
        if not capability:
            written = re.sub(r"(?m)^imap_capability.*\n", "", written)
        if certificate:
            shutil.copy(certificate, self._folder / "certificate")
        else:
            written = re.sub(r"(?m)^ssl_(cert|key).*\n", "", written)
        (self._folder / "dovecot.conf").write_text(written)
        for name in ("run", "state", "box", "home"):
            (self._folder / name).mkdir()
        if os.geteuid() == 0:
            for path in [self._folder, *self._folder.iterdir()]:
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It answers when this returns."""
        lent = os.geteuid() == 0
        self._process = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self._folder / "dovecot.conf")],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "said").open("ab"),
            start_new_session=True,
            preexec_fn=die_with_parent,
            user=self._account.pw_uid if lent else None,
            group=self._account.pw_gid if lent else None,
            extra_groups=[] if lent else None,
        )
        wait_until(self._answers, f"Dovecot ready (see {self._folder})")

    def kill(self) -> None:
        """Gone with all its sessions, without a word."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def end(self) -> None:
        """Gone, and nothing left behind."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def drop_sessions(self) -> None:
        """Those who are signed in lose their line; it goes on listening."""
        assert self._process is not None
        for child in psutil.Process(self._process.pid).children():
            if child.name() == "imap":
                child.kill()

    @contextlib.contextmanager
    def session(self) -> Iterator[imaplib.IMAP4]:
        """As somebody else who shares the box."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as session:
            session.authenticate("PLAIN", lambda _said: f"\0{USERNAME}\0{PASSWORD}".encode())
            session.select()
            yield session

    def deliver(self, *mails: bytes) -> None:
        """As a mail server does."""
        with self.session() as session:
            for mail in mails:
                assert session.append("INBOX", "", "", mail)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> list[set[str]]:
        """Of each mail in that folder, in order."""
        with self.session() as session:
            if session.select(folder, readonly=True)[0] != "OK":
                return []
            found = session.fetch("1:*", "(FLAGS)")[1]
        lines = [line.decode() for line in found if isinstance(line, bytes)]
        return [set(line.partition("FLAGS (")[2].rstrip(")").split()) - {r"\Recent"} for line in lines]

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            return line.recv(4) == b"* OK"
        return False
