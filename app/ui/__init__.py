"""The window: panels, views, tray, and the bridge to the thread of the engine."""
