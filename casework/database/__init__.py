"""What is said to the database in SQL: rows by the thousand, what it refuses by itself, what its errors mean."""
