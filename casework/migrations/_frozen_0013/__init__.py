"""What 0002_squashed_0013_spot_check installs beside the tables, as it was then: nothing here follows the live code."""
