"""The package mirror: mirror.py ADDRESS PORT FOLDER REFUSED, where REFUSED is a file of paths that answer 503, one a line."""

import functools
import http.server
import pathlib
import sys
import urllib.parse
from typing import Any


class Mirror(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, refused: pathlib.Path, **keywords: Any):
        self.refused = refused
        super().__init__(*arguments, **keywords)

    def send_head(self) -> Any:
        parts = urllib.parse.urlsplit(self.path)
        if self._is_refused(parts.path):
            self.send_error(503)
            return None
        if parts.path.endswith("/") and "json" in urllib.parse.parse_qs(parts.query).get("mode", []):
            # What the vendor's server answers in place of its page for people.
            self.path = f"{parts.path}packages.json"
        return super().send_head()

    def _is_refused(self, path: str) -> bool:
        try:
            below = self.refused.read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return False
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in below)


if __name__ == "__main__":
    _, address, port, folder, refused_file = sys.argv
    handler = functools.partial(Mirror, directory=folder, refused=pathlib.Path(refused_file))
    http.server.ThreadingHTTPServer((address, int(port)), handler).serve_forever()
