"""The ASGI application and the server that runs it: the API at every path, a few pages beside."""
