"""Reads CSV files with DuckDB and Polars, every column as text, and prints what each made of them.

usage: peers.py FILE...   One line of JSON a file: {"duckdb": [[...]] or "error", "polars": ...}
"""

import json
import sys

import duckdb
import polars


def outcome(read):
    try:
        return [list(row) for row in read()]
    except BaseException:
        # Polars' own panics are no Exception.
        return "error"


def with_duckdb(path):
    source = f"read_csv('{path}', all_varchar = true, header = true, delim = ',', quote = '\"')"
    return duckdb.sql(f"select * from {source}").fetchall()


def with_polars(path):
    return polars.read_csv(path, infer_schema=False).rows()


for path in sys.argv[1:]:
    peers = {"duckdb": outcome(lambda: with_duckdb(path)), "polars": outcome(lambda: with_polars(path))}
    print(json.dumps(peers))
