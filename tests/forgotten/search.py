"""Searches every file below a folder for texts, and prints where each was found as a JSON list.

Bytes are searched as they are; Parquet files also value by value, as DuckDB reads them. Written apart from the
program: nothing here knows how its own search works.

    search.py FOLDER TEXT...
"""

import gzip
import json
import pathlib
import sys
import zipfile

import duckdb


def values(path):
    query = f"SELECT CAST(to_json(t) AS VARCHAR) FROM read_parquet($${path}$$, hive_partitioning = false) t"
    yield "\n".join(row[0] for row in duckdb.sql(query).fetchall())


def contents(path):
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"PAR1"):
        for text in values(path):
            yield text.encode()
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    if raw.startswith(b"\x1f\x8b"):
        yield gzip.decompress(raw)


def main():
    folder, texts = pathlib.Path(sys.argv[1]), sys.argv[2:]
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for content in contents(path):
            low = content.lower()
            found += [[str(path.relative_to(folder)), text] for text in texts if text.lower().encode() in low]
            found += [[str(path.relative_to(folder)), text] for text in texts if text.lower() in str(path).lower()]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
