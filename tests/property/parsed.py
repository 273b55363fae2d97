"""What an HTTP parser finds in some bytes, which tells how a server has to answer them."""

import re

import httptools

# A wish for another protocol is not granted, so a request is read as if it had none.
_WISH = re.compile(rb"(?<=\r\n)upgrade(?=[ \t]*:)", re.IGNORECASE)


class Parsed:
    """The methods of the whole requests there are; whether they break off with what is no HTTP, or
    amid a request; and whether the connection stays open after them."""

    def __init__(self, data: bytes) -> None:
        self.methods: list[bytes] = []
        self.is_broken = False
        self.is_amid = False
        self.stays_open = True
        self._url = b""
        self._parser = httptools.HttpRequestParser(self)
        try:
            self._parser.feed_data(_WISH.sub(b"x-upgrd", data))
        except httptools.HttpParserError:
            self.is_broken = True
        except httptools.HttpParserUpgrade:  # CONNECT alone: what follows would be in a tunnel
            self.is_amid = True

    @property
    def is_one_whole(self) -> bool:
        """Whether it is a request that others may follow, and nothing else."""
        is_clean = not (self.is_broken or self.is_amid)
        return is_clean and self.stays_open and len(self.methods) == 1

    def on_message_begin(self) -> None:
        self._url = b""
        self.is_amid = True

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_headers_complete(self) -> None:
        """A target that is none, and a version without status lines, are no HTTP either."""
        httptools.parse_url(self._url)
        if self._parser.get_http_version() == "0.9":
            raise ValueError

    def on_message_complete(self) -> None:
        self.methods.append(self._parser.get_method())
        self.is_amid = False
        is_old = self._parser.get_http_version() == "1.0"  # whose connections we always close
        self.stays_open = self._parser.should_keep_alive() and not is_old
