"""What DuckDB makes of the UCI Online Retail file: control figures, metrics and tiers, as JSON.

Usage: answers.py FILE.parquet AS_OF

The SQL beside this program follows the definitions in words, not the SQL that clientele makes, so
that the two can be compared. Money is in ten-thousandths, times are without a zone.
"""

import json
import pathlib
import sys

import duckdb


def main() -> None:
    file, as_of = sys.argv[1:]
    database = duckdb.connect()
    database.execute("SET VARIABLE file = $1", [file])
    database.execute("SET VARIABLE as_of = $1", [as_of])
    for name in ("lines", "metrics", "tiers"):
        script = pathlib.Path(__file__).with_name(f"{name}.sql")
        database.execute(script.read_text(encoding="utf-8"))
    tables = {}
    for table in ("control", "metrics", "tiers"):
        result = database.execute(f"SELECT * FROM {table} ORDER BY ALL")
        columns = [column[0] for column in result.description]
        tables[table] = {"columns": columns, "rows": result.fetchall()}
    json.dump(tables, sys.stdout, default=str)


if __name__ == "__main__":
    main()
