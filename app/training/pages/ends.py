"""What shows that a sync or a refresh ended, as the skin has it: and what shows nothing of it."""

from collections.abc import Sequence

from app.domain.looks import UNDER_WAY, Phase
from app.training.operations import Refresh, Sync
from app.training.pages.skins import Skin

# However fast the training company is, a person who asks for the page again sees that something is under way. Seconds.
_SEEN = 3.0
TOAST_MS = 700  # how long a toast stands there
# In these it is under way that is shown, and nothing tells of the end but that it is gone.
_FADES = ("banner", "button")


def phase_shown(look: Skin, one: Sync | Refresh, phase: Phase, now: float) -> Phase:
    """The phase that the page shows of what stands at `phase` now."""
    if look.end in _FADES and phase is Phase.DONE and now < one.pressed + _SEEN:
        return Phase.RUNNING
    return phase


def of_sync(
    look: Skin, phase: Phase, text: str, progress: float | None, earlier: Sequence[str], synced: str
) -> dict[str, object]:
    """What hh2's page is told of the latest sync: `text` is its sentence, `earlier` those before it, the newest first.

    In the answer `text` is for the page's status, `banner` for a banner, `toast` goes by when it is another one than
    before, `history` are rows, `busy` is the button's state, and `synced` is the cell "last synced": when the latest
    sync that ended well did so. What went wrong is said in words by every skin."""
    under_way, well = phase in UNDER_WAY, phase is Phase.DONE
    told: dict[str, object] = {"text": "" if well or under_way else text, "progress": None, "history": []}
    told |= {"banner": "", "toast": "", "busy": False, "synced": ""}
    match look.end:
        case "row":
            told |= {"text": text, "progress": progress, "history": list(earlier), "busy": under_way}
        case "toast":
            told |= {
                "toast": "" if under_way else text,
                "history": [*([] if under_way else [text]), *earlier],
            }
        case "banner":
            told |= {"banner": text if under_way else ""}
        case "button":
            told |= {"busy": under_way}
        case "synced":
            told |= {"synced": synced}
    return told
