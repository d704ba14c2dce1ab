"""The window: panels, dialogs, tray, and the bridge to the engine's thread."""
