"""What h11 and llhttp make of replies: reads one in hexadecimal digits from each line, and writes both verdicts."""

import sys

import h11
import httptools

# No more than the verdict matters, so what went wrong is not looked at.
REQUEST = h11.Request(method="POST", target="/", headers=[("Host", "localhost"), ("Content-Length", "0")])


def complete(status, body):
    return f"{status}:{body.hex()}"


def by_h11(stream):
    connection = h11.Connection(our_role=h11.CLIENT)
    connection.send(REQUEST)
    connection.send(h11.EndOfMessage())
    status = 0
    body = b""
    try:
        connection.receive_data(stream)
        connection.receive_data(b"")
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return complete(status, body)
            elif isinstance(event, h11.ConnectionClosed) or event in (h11.NEED_DATA, h11.PAUSED):
                return "incomplete"
    except h11.RemoteProtocolError as error:
        early = "peer closed connection" in str(error) or "peer unexpectedly closed" in str(error)
        return "incomplete" if early else "refused"


class Reply:
    """Takes the first reply that is not interim."""

    def __init__(self):
        self.parser = httptools.HttpResponseParser(self)
        self.status = 0
        self.body = b""
        self.in_body = False
        self.has_end = False
        self.done = False

    def on_header(self, name, value):
        if name.lower() == b"content-length":
            self.has_end = True
        elif name.lower() == b"transfer-encoding":
            self.has_end = value.lower().endswith(b"chunked")

    def on_headers_complete(self):
        if not self.done:
            self.status = self.parser.get_status_code()
            self.in_body = True

    def on_body(self, data):
        if not self.done:
            self.body += data

    def on_message_complete(self):
        if self.status >= 200:
            self.done = True
        else:
            self.in_body = False


def by_llhttp(stream):
    reply = Reply()
    try:
        reply.parser.feed_data(stream)
    except httptools.HttpParserUpgrade:
        return "refused"
    except httptools.HttpParserError:
        # What follows the reply does not matter.
        return complete(reply.status, reply.body) if reply.done else "refused"
    # There is no way to tell it that the stream has ended, nor to ask whether the message ends there: it does if nothing
    # else says where, and does not keep the connection alive then.
    if reply.done or reply.in_body and not reply.has_end and not reply.parser.should_keep_alive():
        return complete(reply.status, reply.body)
    return "incomplete"


for line in sys.stdin:
    stream = bytes.fromhex(line)
    print(by_h11(stream), by_llhttp(stream))
