"""What leaves this computer for the webhook: its body, its signature, and the way there."""
