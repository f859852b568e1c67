"""A service that reads digits with ONNX Runtime, without tenfold.

tenfold export standard -o digits.onnx
python examples/05_service.py digits.onnx 8000
curl --data-binary @image.raw http://localhost:8000    # 784 bytes, or a multiple of them
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1])


class Service(BaseHTTPRequestHandler):
    """Answers the bytes of images with their digits."""

    def do_POST(self) -> None:
        """Read images from the request, and send their digits as JSON."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not body or len(body) % 784:
            self.send_error(400, "the body must be 784 bytes for each image")
            return
        images = np.frombuffer(body, np.uint8).reshape(-1, 28, 28, 1)
        probabilities, digit, unsure = session.run(None, {"images": images})
        answer = {"digit": digit, "confidence": probabilities.max(axis=1), "unsure": unsure}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({k: v.tolist() for k, v in answer.items()}).encode())


server = HTTPServer(("localhost", int(sys.argv[2])), Service)
print(f"http://localhost:{server.server_port}", flush=True)
server.serve_forever()
