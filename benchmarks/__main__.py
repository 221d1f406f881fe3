"""python -m benchmarks [job …] [--quick]: run the jobs (all of them without a name) and print JSON lines."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from benchmarks import attachments, audit, billing_run, contract_lists, customer_lists, door, live, parties, pdf, start, xml
from benchmarks.measure import Measure
from benchmarks.place import Place

Job = Callable[[Place, bool], Iterator[Measure]]
JOBS: dict[str, Job] = {
    "billing_run": billing_run.run,
    "xml": xml.run,
    "pdf": pdf.run,
    "customer_lists": customer_lists.run,
    "contract_lists": contract_lists.run,
    "parties": parties.run,
    "live": live.run,
    "audit": audit.run,
    "attachments": attachments.run,
    "door": door.run,
    "start": start.run,
}


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("benchmarks", description=__doc__)
    parser.add_argument("job", nargs="*", choices=[*JOBS, []], help=f"one or more of: {', '.join(JOBS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that the jobs work, not how fast they are")
    options = parser.parse_args(words)
    with Place() as place:
        for name in options.job or JOBS:
            for measure in JOBS[name](place, options.quick):
                print(measure.line(), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
