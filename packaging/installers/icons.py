"""Draws the program's icon from its SVG: PNGs for a desktop, and one .ico with the sizes that Windows asks for.

Run with PySide6 at hand: icons.py TREE FOLDER."""

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from installers.icons_sizes import DESKTOP, WINDOWS


def draw(renderer: QSvgRenderer, size: int) -> QImage:
    """The icon, `size` pixels wide and high."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def as_png(image: QImage) -> bytes:
    """The bytes of a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # a device is taken too
    return bytes(buffer.data().data())


def as_bitmap(image: QImage) -> bytes:
    """The bytes of a bitmap inside an .ico: header, rows from below, and the mask, which the alpha makes needless."""
    size = image.width()
    rows = bytes(image.constBits())
    wide = size * 4
    colour = b"".join(rows[y * wide : (y + 1) * wide] for y in reversed(range(size)))
    mask = bytes((size + 31) // 32 * 4 * size)
    header = struct.pack("<IiiHHIIiiII", 40, size, size * 2, 1, 32, 0, len(colour) + len(mask), 0, 0, 0, 0)
    return header + colour + mask


def as_ico(images: list[QImage]) -> bytes:
    """One .ico of pictures; the largest as PNG, as Windows wants it."""
    parts = [as_png(image) if image.width() > 64 else as_bitmap(image) for image in images]
    head = struct.pack("<HHH", 0, 1, len(parts))
    at = len(head) + 16 * len(parts)
    for image, part in zip(images, parts, strict=True):
        side = image.width() % 256
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(part), at)
        at += len(part)
    return head + b"".join(parts)


def main(tree: Path, made: Path) -> None:
    """Draw all of them."""
    application = QGuiApplication([])
    renderer = QSvgRenderer(str(tree / "resources" / "icons" / "ondemand-sync.svg"))
    for size in DESKTOP:
        (made / f"ondemand-sync-{size}.png").write_bytes(as_png(draw(renderer, size)))
    (made / "ondemand-sync.ico").write_bytes(as_ico([draw(renderer, size) for size in WINDOWS]))
    del application


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
