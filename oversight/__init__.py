"""What offices do with many cases: where and why problems come back."""
