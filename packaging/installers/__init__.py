"""What makes the packages that IT installs, and tries them."""
