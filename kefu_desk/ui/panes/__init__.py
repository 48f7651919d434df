"""The parts of the window, each independent of the others."""
