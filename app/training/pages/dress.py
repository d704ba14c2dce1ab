"""How a skin dresses the words of a label: blanks that do not break, a count behind them, an icon before them."""

from html import escape

from app.training.pages.skins import Skin

NO_BREAK = "\N{NO-BREAK SPACE}"
# Icon fonts keep their pictures where no language has letters; the style sheet shows an arrow in its place.
_FONT_ICON = '<i class="icon">\ue627</i>'
_HIDDEN_ICON = '<span class="arrow" aria-hidden="true">➤</span>'


def spaced(look: Skin, words: str) -> str:
    """The words with the skin's blanks, for attributes and plain text."""
    return words.replace(" ", NO_BREAK) if look.blanks else words


def plain(look: Skin, words: str) -> str:
    """A label without count or icon, as HTML: of a field, of an option, of a heading."""
    return escape(spaced(look, words))


def pressed(look: Skin, words: str, count: int | None = None) -> str:
    """The label of what is pressed, as HTML; its icon is a letter of an icon font, its count stands in brackets."""
    counted = f"{words} ({count})" if look.counts and count is not None else words
    return (_FONT_ICON if look.icons else "") + plain(look, counted)


def led(look: Skin, words: str, count: int | None = None) -> str:
    """The label of a link or a tab, as HTML; its icon is hidden from readers, its count a badge."""
    badge = f' <span class="badge">{count}</span>' if look.counts and count is not None else ""
    return (_HIDDEN_ICON if look.icons else "") + plain(look, words) + badge
