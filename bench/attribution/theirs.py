"""Times ChannelAttribution's markov_model on a path file: theirs.py FILE TIMES. Prints one line of JSON last."""

import json
import sys
import time

import pandas
from ChannelAttribution import markov_model

paths = pandas.read_csv(sys.argv[1])
times = []
for seed in range(int(sys.argv[2])):
    begun = time.perf_counter()
    credits = markov_model(
        paths,
        "path",
        "total_conversions",
        var_value="total_conversion_value",
        var_null="total_null",
        seed=seed,
        verbose=False,
        flg_pro=False,
    )
    times.append(1000 * (time.perf_counter() - begun))
print(
    json.dumps(
        {
            "ms": times,
            "credits": dict(zip(credits["channel_name"], credits["total_conversions"])),
        }
    )
)
