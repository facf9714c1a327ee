"""The page for those who lead: what is counted of a unit, month by month, from aggregates that are kept up to date."""
