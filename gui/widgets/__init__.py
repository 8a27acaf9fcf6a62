"""What the window and its panels share."""
