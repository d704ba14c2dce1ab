"""What the tests share: a home of their own, leak checks, a tray and a keyring that can be seen."""
