"""Draws every icon of the program as SVG into resources/icons, from a few shapes; `run.py icons` also shows them."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "icons"

# Middle tones: at least 3 to 1 against white and against a dark window
BLUE, GREEN, RED, AMBER, PURPLE, GREY = "#2878c8", "#2a8a4a", "#d0393b", "#b8720a", "#8a55c8", "#76808a"


def svg(size: int, body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">\n{body.strip()}\n</svg>\n'


# ------------------------------------------------------------------ the program


def flow(block: str, gate: str, first: str, second: str) -> str:
    """Two arrows that flow through a gate between two blocks. On a grid of 64, 4 to the pixel of a small icon."""
    return f"""
<path fill="{block}" d="M4 20a4 4 0 0 1 4-4h5a3 3 0 0 1 3 3v26a3 3 0 0 1-3 3H8a4 4 0 0 1-4-4z"/>
<path fill="{block}" d="M60 20a4 4 0 0 0-4-4h-5a3 3 0 0 0-3 3v26a3 3 0 0 0 3 3h5a4 4 0 0 0 4-4z"/>
<path fill="{gate}" d="M28 4h8v10a2 2 0 0 1-2 2h-4a2 2 0 0 1-2-2zM28 60h8V50a2 2 0 0 0-2-2h-4a2 2 0 0 0-2 2z"/>
<path fill="{first}" d="M20 24h13v-4.500L45 26l-12 6.500V28H20z"/>
<path fill="{second}" d="M20 36h13v-4.500L45 38l-12 6.500V40H20z"/>
"""


def program() -> str:
    tile = """
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#2f6f9f"/><stop offset="1" stop-color="#173f5f"/>
</linearGradient>
</defs>
<rect width="64" height="64" rx="14" fill="url(#sky)"/>
"""
    return svg(64, tile + flow("#dfeaf2", "#ffb52e", "#ffffff", "#9fe0c4"))


# ------------------------------------------------------------------ the tray


def badge(shape: str, colour: str, sign: str, ring: str) -> str:
    """A sign in the lower right corner, set off from what is under it by a ring."""
    shapes = {
        "circle": '<circle cx="46" cy="46" r="16" {}/>',
        "triangle": '<path d="M46 27l18 33H28z" {} stroke-linejoin="round"/>',
        "square": '<rect x="30" y="30" width="32" height="32" rx="6" {}/>',
    }
    paint = f'fill="{colour}" stroke="{ring}" stroke-width="4"'
    return shapes[shape].format(paint) + "\n" + sign


def tray(state: str, *, tile: bool, ink: str, paper: str) -> str:
    """One of idle, running, attention, done; on the program's tile, or in one ink for panels of high contrast."""
    ground = ""
    if tile:
        grey = state == "idle"
        ground = f'<rect width="64" height="64" rx="14" fill="{"#5d6b76" if grey else "#22577a"}"/>'
        body = flow(
            "#dfeaf2", "#ffb52e" if not grey else "#dfeaf2", "#ffffff", "#9fe0c4" if not grey else "#ffffff"
        )
    else:
        body = flow(ink, ink, ink, ink)
    line = f'fill="none" stroke="{paper}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"'
    signs = {
        "idle": "",
        "running": badge(
            "square", BLUE if tile else ink, f'<path d="M39 38l8 8-8 8M47 38l8 8-8 8" {line}/>', paper
        ),
        "attention": badge(
            "triangle",
            "#e8590c" if tile else ink,
            f'<path d="M46 39v9" {line}/><circle cx="46" cy="54.500" r="2.8" fill="{paper}"/>',
            paper,
        ),
        "done": badge("circle", GREEN if tile else ink, f'<path d="M38 46l6 6 10-11" {line}/>', paper),
    }
    return svg(64, ground + body + signs[state])


# ------------------------------------------------------------------ states, on a grid of 16


def states() -> dict[str, str]:
    white = 'fill="none" stroke="#fff" stroke-width="1.800" stroke-linecap="round" stroke-linejoin="round"'

    def line(colour: str, width: float = 1.8) -> str:
        return f'fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"'

    return {
        "done": f'<circle cx="8" cy="8" r="7" fill="{GREEN}"/><path d="M4.600 8.200l2.400 2.400 4.400-4.800" {white}/>',
        "nothing-visible": f'<circle cx="8" cy="8" r="6" {line(GREEN)}/><path d="M5.200 8h5.600" {line(GREEN)}/>',
        "staged": (
            f'<path d="M8 1.500v6.500M5.200 5.400L8 8.200l2.800-2.800" {line(AMBER)}/>'
            f'<path d="M1.500 9h3.300l1.200 2h4l1.200-2h3.300v4.200a1.300 1.300 0 0 1-1.300 1.300H2.800'
            f'a1.300 1.300 0 0 1-1.300-1.300z" fill="{AMBER}"/>'
        ),
        "failed": (
            f'<rect x="1" y="1" width="14" height="14" rx="2.500" fill="{RED}"/>'
            f'<path d="M5.500 5.500l5 5M10.500 5.500l-5 5" {white}/>'
        ),
        "unknown": (
            f'<path d="M8 .6L15.400 8 8 15.400.6 8z" fill="{PURPLE}"/>'
            f'<path d="M6.200 6.300a1.800 1.800 0 1 1 2.600 1.600c-.6.300-.8.600-.8 1.200" '
            f'{white.replace("1.800", "1.500")}/><circle cx="8" cy="11.400" r=".95" fill="#fff"/>'
        ),
        "skipped": f'<path d="M2.500 3.500L7 8l-4.500 4.500M7.500 3.500L12 8l-4.500 4.500M14 3.500v9" {line(GREY)}/>',
        "running": (
            f'<path d="M13.800 8A5.800 5.800 0 1 1 11.300 3.200" {line(BLUE, 2)}/>'
            f'<path d="M10.400.4l4.200 2.700-3.900 3z" fill="{BLUE}"/>'
        ),
        "waiting": (
            f'<path d="M3.500 1.500h9M3.500 14.500h9" {line(GREY)}/>'
            f'<path d="M4.500 2c0 3.500 2.300 4.500 3 6-.7 1.500-3 2.500-3 6" {line(GREY, 1.4)}/>'
            f'<path d="M11.500 2c0 3.500-2.300 4.500-3 6 .7 1.500 3 2.500 3 6" {line(GREY, 1.4)}/>'
            f'<path d="M5.500 13.800c.4-1.600 1.400-2.100 2.500-3.100 1.100 1 2.100 1.500 2.500 3.100z" fill="{GREY}"/>'
        ),
        "cancelled": (
            f'<rect x="2" y="2" width="12" height="12" rx="1.500" {line(GREY)}/>'
            f'<path d="M2.500 13.500l11-11" {line(GREY)}/>'
        ),
        "person": (
            f'<circle cx="8" cy="4.600" r="3.400" fill="{AMBER}"/>'
            f'<path d="M1.600 15.200a6.400 5.900 0 0 1 12.800 0z" fill="{AMBER}"/>'
        ),
    }


def all_icons() -> dict[str, str]:
    """File name and text of every icon."""
    icons = {"ondemand-sync.svg": program()}
    for state in ("idle", "running", "attention", "done"):
        icons[f"tray-{state}.svg"] = tray(state, tile=True, ink="#ffffff", paper="#ffffff")
        # In one ink: dark for light panels, light for dark ones
        icons[f"tray-{state}-dark-symbolic.svg"] = tray(state, tile=False, ink="#000000", paper="#ffffff")
        icons[f"tray-{state}-light-symbolic.svg"] = tray(state, tile=False, ink="#ffffff", paper="#000000")
    for name, body in states().items():
        icons[f"state-{name}.svg"] = svg(16, body)
    return icons


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in all_icons().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def sheet(folder: Path, picture: Path) -> None:
    """One picture of all the icons, on light and on dark, at four sizes. Needs Qt, and an application."""
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QColor, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    names = sorted(path.name for path in folder.glob("*.svg"))
    sizes = (16, 24, 32, 64)
    width, row = 2 * (sum(sizes) + 12 * len(sizes)) + 12, 76
    image = QImage(width * 2 + 260, row * ((len(names) + 1) // 2), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.lightGray)
    painter = QPainter(image)
    for index, name in enumerate(names):
        left, top = (index % 2) * (width + 130), (index // 2) * row
        renderer = QSvgRenderer(str(folder / name))
        for ground in ("#ffffff", "#202124"):
            painter.fillRect(left, top, width // 2, row - 4, QColor(ground))
            x = left + 8
            for size in sizes:
                renderer.render(painter, QRectF(x, top + 4, size, size))
                x += size + 12
            left += width // 2
        painter.drawText(left + 4, top + 40, name.removesuffix(".svg"))
    painter.end()
    picture.parent.mkdir(parents=True, exist_ok=True)
    image.save(str(picture))


if __name__ == "__main__":
    write()
    if len(sys.argv) > 1:
        import os

        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from PySide6.QtGui import QGuiApplication

        application = QGuiApplication([])
        sheet(FOLDER, Path(sys.argv[1]))
