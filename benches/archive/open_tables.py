"""Opens the tables of `clearplan score` in pandas, polars and DuckDB and compares their sums.

usage: python3 open_tables.py DIR   (pip install -r requirements.txt)
"""

import json
import sys
from pathlib import Path

import duckdb
import pandas
import polars

folder = Path(sys.argv[1])
summary = json.loads((folder / "summary.json").read_text())
plans, statements, findings = (str(folder / f"{name}.parquet") for name in ("plans", "statements", "findings"))


def with_pandas():
    p, s, f = pandas.read_parquet(plans), pandas.read_parquet(statements), pandas.read_parquet(findings)
    assert str(p["team"].dtype) == "category" and str(s["verdict"].dtype) == "category", p.dtypes
    joined = s.merge(p, on="plan", suffixes=("", "_plan"))
    return (
        len(p), round(float(p["score"].sum()), 6), int(p["judged"].sum()), len(s), int(s["verdict"].notna().sum()),
        int((s["verdict"] == "vague").sum()), len(f), len(joined),
        {str(k): int(v) for k, v in f["severity"].value_counts().items() if v},
    )


def with_polars():
    p, s, f = polars.read_parquet(plans), polars.read_parquet(statements), polars.read_parquet(findings)
    joined = s.with_columns(polars.col("plan").cast(polars.String)).join(p, on="plan")
    counts = f.group_by(polars.col("severity").cast(polars.String)).len()
    return (
        len(p), round(float(p["score"].sum()), 6), int(p["judged"].sum()), len(s), s["verdict"].drop_nulls().len(),
        int((s["verdict"].cast(polars.String) == "vague").sum()), len(f), len(joined),
        dict(counts.iter_rows()),
    )


def with_duckdb():
    one = lambda query: duckdb.sql(query).fetchall()
    ((n, score, judged),) = one(f"select count(*), sum(score), sum(judged) from '{plans}'")
    ((s, verdicts, vague),) = one(f"select count(*), count(verdict), count(*) filter (verdict = 'vague') from '{statements}'")
    ((f,),) = one(f"select count(*) from '{findings}'")
    ((joined,),) = one(f"select count(*) from '{statements}' s join '{plans}' p on s.plan = p.plan")
    counts = dict(one(f"select severity, count(*) from '{findings}' group by severity"))
    return n, round(score, 6), int(judged), s, verdicts, vague, f, joined, counts


results = {"pandas": with_pandas(), "polars": with_polars(), "DuckDB": with_duckdb()}
for name, result in results.items():
    print(name, result)
first = results["pandas"]
assert all(result == first for result in results.values()), "the sums differ"
assert first[0] == summary["plans"] and first[2] == first[4] == summary["statistics"]["judged"], "summary.json differs"
assert first[0] > 0 and first[7] == first[3], "a statement has no plan"
print("the same in all three")
