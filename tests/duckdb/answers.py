"""What DuckDB makes of the data of tests: control figures, metrics and tiers, as JSON.

Usage: answers.py FILE.parquet AS_OF    the UCI Online Retail file
       answers.py FOLDER AS_OF          the files of fixtures/feedback, by the SQL in feedback/

The SQL beside this program follows the definitions in words, not the SQL that clientele makes, so
that the two can be compared. Money is in ten-thousandths, times are without a zone.
"""

import json
import pathlib
import sys

import duckdb


def ranks(database):
    """The PageRank of everyone with a tie, by networkx."""
    import networkx

    graph = networkx.DiGraph(database.execute("SELECT DISTINCT origin, target FROM tie").fetchall())
    found = networkx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=1000)
    return {"columns": ["customer", "pagerank"], "rows": sorted(found.items())}


def main() -> None:
    file, as_of = sys.argv[1:]
    here = pathlib.Path(__file__).parent
    is_folder = pathlib.Path(file).is_dir()
    database = duckdb.connect()
    database.execute("SET VARIABLE file = $1", [file])
    database.execute("SET VARIABLE as_of = $1", [as_of])
    scripts = ("feedback/facts", "feedback/metrics", "feedback/tiers") if is_folder else ("lines", "metrics", "tiers")
    for name in scripts:
        database.execute((here / f"{name}.sql").read_text(encoding="utf-8"))
    tables = {"ranks": ranks(database)} if is_folder else {}
    for table in ("control", "metrics", "tiers", "opinions")[: 4 if is_folder else 3]:
        result = database.execute(f"SELECT * FROM {table} ORDER BY ALL")
        columns = [column[0] for column in result.description]
        tables[table] = {"columns": columns, "rows": result.fetchall()}
    json.dump(tables, sys.stdout, default=str)


if __name__ == "__main__":
    main()
