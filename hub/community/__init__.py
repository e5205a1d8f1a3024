"""What a town tells and shows its people: small apps of one shape, each in a room of its own."""
