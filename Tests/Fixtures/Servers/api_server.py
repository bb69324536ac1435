"""A small API on loopback for tests of the http connector. Prints its port, ends with its standard input."""

import http.server
import json
import sys
import threading
import time

DESIGNS = json.dumps([{"id": n, "name": 'design "%d" [{' % n} for n in range(5000)], indent=1).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", headers=(), kind="application/json"):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def serve(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size).decode()
        port = self.server.server_port
        if self.path.startswith("/echo"):
            headers = {name.lower(): value for name, value in self.headers.items()}
            echo = {"method": self.command, "path": self.path, "headers": headers, "body": body}
            self.answer(200, json.dumps(echo).encode())
        elif self.path.startswith("/status/"):
            self.answer(int(self.path[8:]), b'{"error": "as asked"}', [("Retry-After", "3")])
        elif self.path == "/text":
            self.answer(200, b"12", kind="text/plain")
        elif self.path == "/slow":
            time.sleep(10)
        elif self.path == "/vanish":
            self.server.vanished += 1
            self.close_connection = True
        elif self.path == "/vanished":
            self.answer(200, str(self.server.vanished).encode())
        elif self.path == "/near":
            self.answer(302, headers=[("Location", "/echo")])
        elif self.path == "/far":
            self.answer(302, headers=[("Location", "http://localhost:%d/echo" % port)])
        elif self.path == "/designs":
            self.answer(200, DESIGNS)
        elif self.path == "/nested":
            self.answer(200, b'{"meta": {"items": [0]}, "data": {"items": [{"a": "]}"}, {"b": [1]}]}, "total": 2}')
        elif self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", str(len(DESIGNS)))
            self.end_headers()
            self.wfile.write(DESIGNS[: len(DESIGNS) // 2])
            self.close_connection = True
        elif self.path == "/broken":
            self.answer(200, DESIGNS[: len(DESIGNS) // 2])
        else:
            self.answer(404, b'{"error": "nothing here"}')

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = serve


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.handle_error = lambda request, address: None
server.vanished = 0
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
