"""`make bench-search`: what search finds and how fast, beside SQLite's FTS5 and bm25s in the same run.

Figures are exact where they say what was found. Times are those of this machine at this moment: compare the columns,
and see the last one for how busy it was. Progress goes to the error output, the tables to the standard output.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.bench.latency import latency_table, measure_latency
from tests.bench.relevance import measure_relevance, relevance_table

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT.parent / "shared" / "data" / "eval"
PARTS = ("relevance", "latency")


def main() -> None:
    """Measure both parts, or the one that was asked for, below a folder that is removed at the end."""
    options = _options()
    if not COLLECTIONS.is_dir():
        sys.exit(f"The collections are not there: {COLLECTIONS}")
    measured: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="fieldhouse-bench-") as folder:
        if options.only in ("", "relevance"):
            lines = measure_relevance(COLLECTIONS, Path(folder))
            measured["relevance"] = [line._asdict() for line in lines]
            print(relevance_table(lines), flush=True)
            print()
        if options.only in ("", "latency"):
            sizes = [int(size) for size in options.sizes.split(",")]
            latency = measure_latency(COLLECTIONS / "handbook" / "docs.jsonl", Path(folder), sizes)
            measured["latency"] = latency
            print(latency_table(latency))
    if options.json:
        Path(options.json).write_text(json.dumps(measured, indent=1), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="5000,50000,100000", help="numbers of made documents")
    parser.add_argument("--only", default="", choices=("", *PARTS), help="one part alone")
    parser.add_argument("--json", default="", help="also write the raw results here")
    return parser.parse_args()


if __name__ == "__main__":
    main()
