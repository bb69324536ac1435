"""A small API on loopback for tests of the http connector. Prints its port, ends with its standard input."""

import email.utils
import http.server
import json
import sys
import threading
import time
import urllib.parse

ITEMS = [{"id": n} for n in range(1, 8)]
DESIGNS = json.dumps([{"id": n, "name": 'design "%d" [{' % n} for n in range(5000)], indent=1).encode()


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One write for headers and body, which otherwise wait for each other's acknowledgement.
    wbufsize = -1

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

    def pages(self, port):
        """Seven items, three a page, in each way in which pages can follow each other."""
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        kind = url.path.split("/")[2]
        page = int(query.get("page", 1))
        items = ITEMS[3 * (page - 1) : 3 * page]
        headers = [("X-Key", self.headers.get("X-API-Key") or "none")]
        self.server.asked.append(self.path)
        if kind == "link":
            last = '<http://127.0.0.1:%d/pages/link?page=3>; title="a, b; rel=next"; rel=last' % port
            link = ', </pages/link?page=%d>; rel="foo next"' % (page + 1) if page < 3 else ""
            headers.append(("Link", last + link))
        elif kind == "away":
            headers.append(("Link", "<http://localhost:%d/pages/link?page=2>; rel=next" % port))
        elif kind == "token":
            if query.get("token") != "s3cret":
                return self.answer(403)
            if page < 3:
                headers.append(("Link", "</pages/token?token=s3cret&page=%d>; rel=next" % (page + 1)))
        elif kind == "stuck":
            items = ITEMS[:3]
        elif kind == "one":
            items = ITEMS[:1]
        elif kind == "capped":
            items = ITEMS[2 * (page - 1) : 2 * page]
        elif kind == "offset":
            start, size = int(query["offset"]), int(query["limit"])
            items = ITEMS[start : start + size]
        elif kind in ("cursor", "loop", "url"):
            page = int(query.get("cursor", "page 1").split()[1])
            items = ITEMS[3 * (page - 1) : 3 * page]
            following = {"cursor": "page %d" % (page + 1), "loop": "page 2", "url": "?cursor=page+%d" % (page + 1)}
            meta = {"next": following[kind] if page < 3 else None, "text": '"]}'}
            body = {"meta": meta, "data": {"items": items}} if page == 2 else {"data": {"items": items}, "meta": meta}
            return self.answer(200, json.dumps(body).encode(), headers)
        elif kind == "empty":
            return self.answer(204) if page > 2 else self.answer(200, json.dumps(items).encode())
        self.answer(200, json.dumps(items).encode(), headers)

    def limits(self):
        """Answers 429 or 503 so often as the path says, then an item."""
        _, _, kind, count = self.path.split("/")
        self.server.asked.append(self.path)
        asked = self.server.asked.count(self.path)
        if asked > int(count):
            return self.answer(200, b'[{"id": 1}]')
        if kind == "seconds":
            self.answer(429, headers=[("Retry-After", "1")])
        elif kind == "date":
            self.answer(503, headers=[("Retry-After", email.utils.formatdate(time.time() + 2, usegmt=True))])
        elif kind == "hour":
            self.answer(429, headers=[("Retry-After", "3600")])
        elif kind == "bare":
            self.answer(503)

    def budgets(self):
        """A page after which no request is left for an hour, in each way to say so."""
        now = time.time()
        headers = {
            "old": [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "%d" % (now + 3600))],
            "seconds": [("RateLimit-Remaining", "0"), ("RateLimit-Reset", "3600")],
            "draft": [("RateLimit", "limit=10, remaining=0, reset=3600")],
            "date": [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", iso(now + 3600) + "Z")],
            "zone": [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", iso(now + 10800) + ".5+02:00")],
            "list": [("RateLimit", '"hour";r=0;t=3600')],
        }[self.path.split("/")[2].split("?")[0]]
        self.answer(200, json.dumps(ITEMS[:3]).encode(), headers)

    def sink(self, body):
        """Takes records and says so as the path wants it."""
        kind = self.path.split("/")[2]
        key = self.headers.get("Idempotency-Key")
        type = self.headers.get("Content-Type")
        self.server.sunk.append({"method": self.command, "path": self.path, "type": type, "key": key, "body": body})
        attempt = sum(1 for other in self.server.sunk if other["path"] == self.path)
        if kind == "flaky" and attempt <= 2:
            self.answer(429 if attempt == 1 else 503)
        elif kind == "items":
            bad = [record for record in json.loads(body)["rows"]]
            items = [{"status": 422, "error": "no name"} if "name" not in r else {"status": 201} for r in bad]
            self.answer(207, json.dumps({"results": items}).encode())
        elif kind == "busy":
            self.answer(207, b'{"results": [{"status": 422}, {"status": %s}]}' % self.path.split("/")[3].encode())
        elif kind == "gone" and self.path.endswith("/2"):
            self.answer(404, b'{"error": "there is no 2"}')
        elif kind == "short":
            self.answer(207, b'{"results": [{"status": 201}]}')
        elif kind == "strict" and "bad" in body:
            self.answer(422, b'{"error": "bad is not allowed"}')
        elif kind == "second" and attempt == 2:
            self.answer(400, b'{"error": "no more"}')
        elif kind == "fails":
            self.answer(int(self.path.split("/")[3]))
        else:
            self.answer(201)

    def serve(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size).decode()
        port = self.server.server_port
        if self.path.startswith("/pages/"):
            self.pages(port)
        elif self.path.startswith("/limits/"):
            self.limits()
        elif self.path.startswith("/budgets/"):
            self.budgets()
        elif self.path.startswith("/sink/"):
            self.sink(body)
        elif self.path == "/sunk":
            self.answer(200, json.dumps(self.server.sunk).encode())
        elif self.path == "/asked":
            self.answer(200, json.dumps(self.server.asked).encode())
        elif self.path == "/lines":
            self.answer(200, b'{"id": 1}\n\n[2]\n{"id": 3, "a":\r\n  {"id": 4} \n{"id": 5}', kind="application/x-ndjson")
        elif self.path == "/mark":
            self.answer(200, b'\xef\xbb\xbf{"id": 1}\n{"id": 2}')
        elif self.path == "/mark/array":
            self.answer(200, b'\xef\xbb\xbf[{"id": 1}, {"id": 2}]')
        elif self.path == "/mixed":
            self.answer(200, b'[{"id": 1}, 2, "three", {"id": 4}, null]')
        elif self.path.startswith("/echo"):
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

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = serve


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.handle_error = lambda request, address: None
server.vanished = 0
server.asked = []
server.sunk = []
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
