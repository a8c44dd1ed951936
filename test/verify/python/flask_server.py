"""The page's snippet under WSGI, which joins repeated headers. See node/server.mjs for what every server here does."""

import sys

from flask import Flask, request
from werkzeug.serving import make_server

from settings import answer
from verify_headers import Refused

app = Flask(__name__)


@app.get("/")
def whoami():
    return answer(request.headers.getlist)


@app.errorhandler(Exception)
def refuse(error):
    print(error, file=sys.stderr)
    return "", 403 if isinstance(error, Refused) else 503


server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"listening on http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
