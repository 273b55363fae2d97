"""PostgreSQL: the only room with SQL and a driver. Migrations and the embedded server live here."""
