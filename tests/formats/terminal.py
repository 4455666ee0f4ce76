"""What a program prints on a terminal of a given width."""
import os
import pty
import subprocess
import termios
import threading


def on_a_terminal(width, command, environment=None):
    """Standard output and error of the command together, with the terminal's line ends undone."""
    parent, child = pty.openpty()
    termios.tcsetwinsize(child, (50, width))
    chunks = []

    def drain():
        while True:
            try:
                data = os.read(parent, 65536)
            except OSError:  # the terminal is closed
                return
            if not data:
                return
            chunks.append(data)

    reader = threading.Thread(target=drain)
    reader.start()
    subprocess.run([*map(str, command)], stdin=child, stdout=child, stderr=child, check=False,
                   env={"PATH": os.environ["PATH"], "TERM": "xterm", **(environment or {})})
    os.close(child)
    reader.join()
    os.close(parent)
    return b"".join(chunks).decode().replace("\r\n", "\n")
