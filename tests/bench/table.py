"""The table of `make bench`: each figure beside the floor of its kind, with the multiple that the project wants."""

from typing import Any

ROWS = (
    ("search 1 word", "fts5 1 word", 5.0),
    ("search 2 words", "fts5 2 words", 5.0),
    ("search 4 words", "fts5 4 words", 5.0),
    ("suggest", "prefix suggest (JSON)", 8.0),
    ("playbook", "ORM SELECT + Jinja", 2.5),
    ("objection", "ORM SELECT + Jinja", 2.5),
    ("front page", "ORM SELECT + Jinja", 2.5),
)
WRITES = (("vote", 3.5), ("answer", 5.0), ("edit", 6.0))


def print_table(results: dict[str, Any], peer: Any, cold: dict[str, list[str]], weights: str) -> None:
    """Print Markdown; a multiple above its goal bears a mark."""
    floor = results["floor"]
    ours = {**results["portal"]["endpoints"], **results["objections"]["endpoints"]}
    print(
        "| what | floor p50 / p95 | portal p50 / p95 | multiple p50 / p95 | goal | 16 clients, req/s: floor, portal |"
    )
    print("|---|---|---|---|---|---|")
    for name, beside, goal in ROWS:
        low, own = floor["endpoints"][beside], ours[name]
        if "c1" not in own:
            print(f"| {name} | | failed: {own.get('failed')} | | | |")
            continue
        many = f"{low['c16']['rps']}, {own['c16']['rps']}" if "c16" in own else ""
        print(f"| {name} | {_pair(low['c1'])} | {_pair(own['c1'])} | {_times(own['c1'], low['c1'], goal)} | {many} |")
    low = floor["writes"]["INSERT + commit"]
    written = {**results["portal"].get("writes", {}), **results["objections"].get("writes", {})}
    for name, goal in WRITES:
        print(f"| {name} | {_pair(low)} | {_pair(written[name])} | {_times(written[name], low, goal)} | |")
    print()
    print(f"Save to found, ms: {results['portal'].get('write_to_found_ms')} (goal 1,000)")
    print(
        f"Start to first answer, ms: floor {', '.join(cold['floor'])}; portal {', '.join(cold['portal'])} (goal 2.2 x)"
    )
    floor_memory, memory = floor["memory"]["pss_mib"], results["portal"]["memory"]["pss_mib"]
    print(f"Memory of the web processes after load, PSS MiB: floor {floor_memory}; portal {memory} (goal 2 x)")
    print(f"Import {peer.import_seconds:.0f} s, index {peer.index_seconds:.0f} s (goal 150 s together)")
    print(f"First visit (goal 30 KB, 6 requests, HTML 5 KB):\n{weights}")


def _pair(figure: dict[str, Any]) -> str:
    return f"{figure['p50']} / {figure['p95']}"


def _times(own: dict[str, Any], low: dict[str, Any], goal: float) -> str:
    pair = [own[name] / low[name] for name in ("p50", "p95")]
    mark = "" if max(pair) <= goal else " (above)"
    return f"{pair[0]:.1f} x / {pair[1]:.1f} x{mark} | {goal} x"
