"""The page's snippet under ASGI, which keeps repeated headers apart. See node/server.mjs for what every server here does."""

import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from settings import answer
from verify_headers import Refused


def whoami(request):
    try:
        return JSONResponse(answer(request.headers.getlist))
    except Exception as error:
        print(error, file=sys.stderr)
        return Response(status_code=403 if isinstance(error, Refused) else 503)


listener = socket.create_server(("127.0.0.1", 0))
print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
app = Starlette(routes=[Route("/", whoami)])
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
