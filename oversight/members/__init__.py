"""The coordination mechanism (联动机制): the lead office, its member units by date, their contacts and duties."""
