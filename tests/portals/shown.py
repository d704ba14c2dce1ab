"""A small web site of the tests: it shows the pages it was given, and keeps what it was asked for."""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    body: str


@dataclass(frozen=True)
class Answer:
    """What a path is answered with; with status 0 the connection breaks before an answer."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def page(*body: str, title: str = "Practice") -> str:
    """A whole document."""
    return f"<!DOCTYPE html><html lang=en><title>{title}</title><body>{''.join(body)}</body></html>"


class Shown:
    """The site, on a loopback address of its own. `answers` may be changed at any time."""

    def __init__(self, host: str) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        shown = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                path = urlsplit(self.path).path
                if path != "/favicon.ico":
                    shown.asked.append(Asked(self.command, self.path, body))
                answer = shown.answers.get(f"{self.command} {path}") or shown.answers.get(path)
                answer = answer or Answer("", 404)
                if answer.status == 0:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if "Content-Type" not in answer.headers:
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(answer.body.encode())))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # the page went on and did not wait for it
                    self.wfile.write(answer.body.encode())

            do_POST = do_GET  # noqa: N815 - http.server calls it so

            def log_message(self, *args: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.address = f"http://{host}:{self._server.server_port}"

    def show(self, path: str, *body: str) -> None:
        """This page stands at this path from now on."""
        self.answers[path] = Answer(page(*body))

    def of(self, path: str) -> list[Asked]:
        """What was asked of one path, whatever the query."""
        return [one for one in self.asked if urlsplit(one.path).path == path]

    def clear(self) -> None:
        """Another test begins."""
        self.answers.clear()
        self.asked.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
