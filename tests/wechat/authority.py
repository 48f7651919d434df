"""Certificates for the loopback, made by an authority of our own."""

import ssl
import subprocess
from pathlib import Path

NAME = "Acme Inspection Root"
ISSUER = f"{NAME} (Acme Ltd)"

_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"


class Authority:
    """Signs for whom it is told; `root` is what somebody who trusts it has to know."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = folder / "root.pem"
        self._run(
            f"req -x509 {_KEY} -days 2 -subj",
            f"/O=Acme Ltd/CN={NAME}",
            *f"-addext basicConstraints=critical,CA:TRUE -keyout root.key -out {self.root}".split(),
        )

    def server(self, name: str = "IP:127.0.0.1", *, days: int = 1) -> ssl.SSLContext:
        """A server's context with a certificate for `name`; negative days have passed already."""
        (self._folder / "names").write_text(f"subjectAltName={name}")
        self._run(f"req {_KEY} -subj /CN=server -keyout server.key -out server.csr")
        self._run(
            "x509 -req -in server.csr -CA root.pem -CAkey root.key -CAcreateserial -extfile names"
            f" -out server.pem -days {days}"
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")
        return context

    def fingerprint(self) -> str:
        """Of the certificate that was signed last, as openssl tells it."""
        told = self._run("x509 -noout -fingerprint -sha256 -in server.pem")
        return told.strip().partition("=")[2]

    def _run(self, words: str, *more: str) -> str:
        done = subprocess.run(
            ["openssl", *words.split(), *more], cwd=self._folder, check=True, capture_output=True, text=True
        )
        return done.stdout
