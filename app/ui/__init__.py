"""The window: panels, dialogs, tray, and the bridge to the engine's thread."""

from app.ui import binding  # noqa: F401  # before any other module of ours is imported beside Qt
