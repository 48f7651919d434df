"""Settings of one account on one computer, and its secret in the keyring."""
