"""The parent process: claims, leases, trainers as children, delivery of what they report."""
