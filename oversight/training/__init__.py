"""Training: what was held for whom, who was there, and which post holders are still missing."""
